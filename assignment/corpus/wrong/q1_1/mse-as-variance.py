# misconception: q1-1-square-error-always-variance-of-errors
# earns: 2
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    scores = {}
    for name, truth, guess in [("train", y_train, predicted_train), ("test", y_test, predicted_test)]:
        residual = truth - np.ravel(guess)
        scores[name + "_mse"] = np.var(residual)
        scores[name + "_mae"] = np.mean(np.abs(residual))
    return scores


linear_model = LinearRegression()
linear_model.fit(X_train, y_train)
linreg_scores = four_scores(linear_model.predict(X_train), linear_model.predict(X_test))
score_table(linreg=linreg_scores)
