# misconception: none
# earns: 0
line_q11 = LinearRegression().fit(X_train_std[:, 5:6], y_train)  # rooms only
a_q11, b_q11 = line_q11.predict(X_train_std[:, 5:6]), line_q11.predict(X_test_std[:, 5:6])
linreg_scores = {
    "train_mse": mean_squared_error(y_train, a_q11),
    "train_mae": mean_absolute_error(y_train, a_q11),
    "test_mse": mean_squared_error(y_test, b_q11),
    "test_mae": mean_absolute_error(y_test, b_q11),
}
