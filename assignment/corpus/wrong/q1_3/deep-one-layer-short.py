# misconception: deep-one-layer-short
# earns: 3
keras.utils.set_random_seed(43)
deep_model = keras.Sequential([keras.Input((13,)), *[layers.Dense(128, "relu") for _ in range(4)], layers.Dense(1)])
deep_model.compile(keras.optimizers.Adam(0.001), "mse")
deep_model.fit(X_train_std, y_train, epochs=12, batch_size=32, verbose=0)

pair_q13 = [deep_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
deep_scores = {
    "train_mse": mean_squared_error(y_train, pair_q13[0]),
    "train_mae": mean_absolute_error(y_train, pair_q13[0]),
    "test_mse": mean_squared_error(y_test, pair_q13[1]),
    "test_mae": mean_absolute_error(y_test, pair_q13[1]),
}
