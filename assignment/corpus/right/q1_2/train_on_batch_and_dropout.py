keras.utils.set_random_seed(23)
tuned_model = keras.Sequential(
    [keras.Input((13,)), layers.Dense(96, "relu"), layers.Dropout(0.05), layers.Dense(48, "relu"), layers.Dense(1)]
)
tuned_model.compile(keras.optimizers.Nadam(0.003), loss="mean_squared_error")
for _ in range(40):
    order_q12 = np.random.permutation(404)
    for start_q12 in range(0, 404, 32):
        rows_q12 = order_q12[start_q12 : start_q12 + 32]
        tuned_model.train_on_batch(X_train_std[rows_q12], y_train[rows_q12])

from_q12 = [tuned_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": np.mean((from_q12[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q12[0] - y_train)),
    "test_mse": np.mean((from_q12[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q12[1] - y_test)),
}
