m_q11 = LinearRegression().fit(X_train, y_train)
linreg_scores = {
    key: round(measure(truth, m_q11.predict(rows)), 2)
    for part, rows, truth in (("train", X_train, y_train), ("test", X_test, y_test))
    for key, measure in ((f"{part}_mse", mean_squared_error), (f"{part}_mae", mean_absolute_error))
}
