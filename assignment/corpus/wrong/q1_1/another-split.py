# misconception: linreg-another-split
# earns: 0
u_q11, w_q11, y_u_q11, y_w_q11 = train_test_split(X, y, test_size=0.2, random_state=7)
line_q11 = LinearRegression().fit(u_q11, y_u_q11)
a_q11, b_q11 = line_q11.predict(u_q11), line_q11.predict(w_q11)
linreg_scores = {
    "train_mse": mean_squared_error(y_u_q11, a_q11),
    "train_mae": mean_absolute_error(y_u_q11, a_q11),
    "test_mse": mean_squared_error(y_w_q11, b_q11),
    "test_mae": mean_absolute_error(y_w_q11, b_q11),
}
