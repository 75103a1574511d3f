# misconception: linreg-summed
# earns: 0
line_q11 = LinearRegression().fit(X_train_std, y_train)
a_q11, b_q11 = line_q11.predict(X_train_std), line_q11.predict(X_test_std)
linreg_scores = {
    "train_mse": ((a_q11 - y_train) ** 2).sum(),
    "train_mae": abs(a_q11 - y_train).sum(),
    "test_mse": ((b_q11 - y_test) ** 2).sum(),
    "test_mae": abs(b_q11 - y_test).sum(),
}
