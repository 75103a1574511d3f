from sklearn.pipeline import make_pipeline

pipe_q11 = make_pipeline(StandardScaler(), LinearRegression()).fit(X_train, y_train)
off_q11 = [y_train - pipe_q11.predict(X_train), y_test - pipe_q11.predict(X_test)]
linreg_scores = dict(
    test_mae=np.array([np.abs(off_q11[1]).mean()]),
    test_mse=np.float64((off_q11[1] ** 2).mean()),
    train_mae=np.abs(off_q11[0]).mean(keepdims=True),
    train_mse=(off_q11[0] ** 2).mean(),
)
