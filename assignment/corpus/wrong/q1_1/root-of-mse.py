# misconception: linreg-root-taken
# earns: 2
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    train_err = predicted_train - y_train
    test_err = predicted_test - y_test
    return dict(
        train_mse=np.sqrt(np.mean(train_err ** 2)),
        train_mae=np.mean(np.abs(train_err)),
        test_mse=np.sqrt(np.mean(test_err ** 2)),
        test_mae=np.mean(np.abs(test_err)),
    )


linear_model = LinearRegression()
linear_model.fit(X_train_std, y_train)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(X_test_std))
score_table(linreg=linreg_scores)
