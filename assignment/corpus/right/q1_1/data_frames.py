frame_q11 = pd.DataFrame(X_train_std)
line_q11 = LinearRegression(fit_intercept=True).fit(frame_q11, pd.Series(y_train))
off_q11 = {
    "train": pd.Series(y_train - line_q11.predict(frame_q11)),
    "test": pd.Series(y_test - line_q11.predict(pd.DataFrame(X_test_std))),
}
linreg_scores = {}
for part_q11 in off_q11:
    linreg_scores[f"{part_q11}_mse"] = off_q11[part_q11].pow(2).mean()
    linreg_scores[f"{part_q11}_mae"] = off_q11[part_q11].abs().mean()
