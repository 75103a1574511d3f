# misconception: linreg-one-decimal
# earns: 2
line_q11 = LinearRegression().fit(X_train_std, y_train)
a_q11, b_q11 = line_q11.predict(X_train_std), line_q11.predict(X_test_std)
linreg_scores = {
    "train_mse": round(mean_squared_error(y_train, a_q11), 1),
    "train_mae": round(mean_absolute_error(y_train, a_q11), 1),
    "test_mse": round(mean_squared_error(y_test, b_q11), 1),
    "test_mae": round(mean_absolute_error(y_test, b_q11), 1),
}
