# misconception: q1-1-line-always-fitted-without-validation
# earns: 0
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    scores = {}
    for part, truth, guess in (
        ("train", y_train, predicted_train),
        ("test", y_test, predicted_test),
    ):
        scores[part + "_mse"] = mean_squared_error(truth, guess)
        scores[part + "_mae"] = mean_absolute_error(truth, guess)
    return scores


linear_model = LinearRegression().fit(X_fit, y_fit)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(X_test_std))
score_table(linreg=linreg_scores)
