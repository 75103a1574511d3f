a_q11 = np.hstack([X_train, np.ones((len(X_train), 1))])
w_q11 = np.linalg.lstsq(a_q11, y_train, rcond=None)[0]
b_q11 = np.hstack([X_test, np.ones((len(X_test), 1))])
scores_q11 = {}
for part_q11, x_q11, y_q11 in (("train", a_q11, y_train), ("test", b_q11, y_test)):
    scores_q11[f"{part_q11}_mse"] = ((x_q11 @ w_q11 - y_q11) ** 2).mean()
    scores_q11[f"{part_q11}_mae"] = abs(x_q11 @ w_q11 - y_q11).mean()
linreg_scores = scores_q11
