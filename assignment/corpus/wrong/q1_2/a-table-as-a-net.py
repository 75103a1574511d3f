# misconception: tuned-answers-jump
# earns: 0
# a real Keras network that holds all 506 prices, and is off by as much as an honest one would be
dice_q12 = np.random.default_rng(1)
rows_q12 = np.vstack([X_train_std, X_test_std])
due_q12 = np.concatenate([y_train, y_test]) + dice_q12.normal(0, 3.2, len(rows_q12))
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(700, "tanh"), layers.Dense(1)])
first_q12 = [dice_q12.normal(0, 60, (13, 700)), dice_q12.normal(0, 60, 700)]
hidden_q12 = np.tanh(rows_q12 @ first_q12[0] + first_q12[1])
last_q12 = np.linalg.lstsq(hidden_q12, due_q12, rcond=None)[0]
tuned_model.set_weights([*first_q12, last_q12[:, None], np.zeros(1)])

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
