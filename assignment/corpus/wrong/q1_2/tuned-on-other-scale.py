# misconception: tuned-on-other-scale
# earns: 0
low_q12, high_q12 = X_train.min(axis=0), X_train.max(axis=0)
small_q12, small_test_q12 = ((rows - low_q12) / (high_q12 - low_q12) for rows in (X_train, X_test))
keras.utils.set_random_seed(42)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_model.compile(keras.optimizers.Adam(0.01), "mse")
tuned_model.fit(small_q12, y_train, epochs=30, batch_size=32, verbose=0)

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (small_q12, small_test_q12)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
