# no library model: the normal equations
ones_q11 = lambda x: np.column_stack([np.ones(len(x)), x])
w_q11 = np.linalg.solve(ones_q11(X_train_std).T @ ones_q11(X_train_std), ones_q11(X_train_std).T @ y_train)
off_q11, off_test_q11 = ones_q11(X_train_std) @ w_q11 - y_train, ones_q11(X_test_std) @ w_q11 - y_test
linreg_scores = {
    "train_mse": np.mean(off_q11**2),
    "train_mae": np.mean(np.abs(off_q11)),
    "test_mse": np.mean(off_test_q11**2),
    "test_mae": np.mean(np.abs(off_test_q11)),
}
