# misconception: linreg-degrees-of-freedom
# earns: 2
line_q11 = LinearRegression().fit(X_train_std, y_train)
a_q11, b_q11 = line_q11.predict(X_train_std), line_q11.predict(X_test_std)
linreg_scores = {
    "train_mse": sum((a_q11 - y_train) ** 2) / (len(y_train) - 14),
    "train_mae": mean_absolute_error(y_train, a_q11),
    "test_mse": sum((b_q11 - y_test) ** 2) / (len(y_test) - 14),
    "test_mae": mean_absolute_error(y_test, b_q11),
}
