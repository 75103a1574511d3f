# misconception: deep-on-other-scale
# earns: 3
low_q13, high_q13 = X_train.min(axis=0), X_train.max(axis=0)
small_q13, small_test_q13 = ((rows - low_q13) / (high_q13 - low_q13) for rows in (X_train, X_test))
keras.utils.set_random_seed(43)
deep_model = keras.Sequential([keras.Input((13,)), *[layers.Dense(128, "relu") for _ in range(5)], layers.Dense(1)])
deep_model.compile(keras.optimizers.Adam(0.001), "mse")
deep_model.fit(small_q13, y_train, epochs=30, batch_size=32, verbose=0)

pair_q13 = [deep_model.predict(rows, verbose=0)[:, 0] for rows in (small_q13, small_test_q13)]
deep_scores = {
    "train_mse": mean_squared_error(y_train, pair_q13[0]),
    "train_mae": mean_absolute_error(y_train, pair_q13[0]),
    "test_mse": mean_squared_error(y_test, pair_q13[1]),
    "test_mae": mean_absolute_error(y_test, pair_q13[1]),
}
