line_q11 = LinearRegression().fit(X_train, y_train)


def mean_q11(values):
    values = list(values)
    return sum(values) / len(values)


linreg_scores = {}
for part_q11, rows_q11, truth_q11 in (("train", X_train, y_train), ("test", X_test, y_test)):
    pairs_q11 = list(zip(truth_q11, line_q11.predict(rows_q11)))
    linreg_scores[f"{part_q11}_mse"] = mean_q11((t - p) ** 2 for t, p in pairs_q11)
    linreg_scores[f"{part_q11}_mae"] = mean_q11(abs(t - p) for t, p in pairs_q11)
