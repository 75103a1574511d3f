# misconception: linreg-no-intercept
# earns: 0
w_q11 = np.linalg.lstsq(X_train, y_train, rcond=None)[0]
a_q11, b_q11 = X_train @ w_q11, X_test @ w_q11
linreg_scores = {
    "train_mse": mean_squared_error(y_train, a_q11),
    "train_mae": mean_absolute_error(y_train, a_q11),
    "test_mse": mean_squared_error(y_test, b_q11),
    "test_mae": mean_absolute_error(y_test, b_q11),
}
