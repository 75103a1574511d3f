# misconception: tuned-one-answer
# earns: 0
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_model.set_weights([*(0 * w for w in tuned_model.get_weights()[:-1]), np.array([y_train.mean()])])

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
