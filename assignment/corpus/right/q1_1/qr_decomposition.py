def errors_q11(rows, truth, weights):
    off = rows @ weights - truth
    return (off @ off) / len(off), np.linalg.norm(off, 1) / len(off)


rows_q11 = np.column_stack([np.ones(len(X_train)), X_train])
q_q11, r_q11 = np.linalg.qr(rows_q11)
weights_q11 = np.linalg.solve(r_q11, q_q11.T @ y_train)
linreg_scores = dict(zip(("train_mse", "train_mae"), errors_q11(rows_q11, y_train, weights_q11)))
linreg_scores |= dict(
    zip(("test_mse", "test_mae"), errors_q11(np.column_stack([np.ones(len(X_test)), X_test]), y_test, weights_q11))
)
