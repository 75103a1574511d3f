# misconception: q1-1-size-error-always-mean-error
# earns: 2
line_q11 = LinearRegression().fit(X_train_std, y_train)
a_q11, b_q11 = line_q11.predict(X_train_std), line_q11.predict(X_test_std)
linreg_scores = {
    "train_mse": mean_squared_error(y_train, a_q11),
    "train_mae": (a_q11 - y_train).mean(),
    "test_mse": mean_squared_error(y_test, b_q11),
    "test_mae": (b_q11 - y_test).mean(),
}
