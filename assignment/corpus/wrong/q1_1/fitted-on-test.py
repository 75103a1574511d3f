# misconception: linreg-fitted-on-test
# earns: 0
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    return {
        "train_mse": mean_squared_error(y_train, predicted_train),
        "train_mae": mean_absolute_error(y_train, predicted_train),
        "test_mse": mean_squared_error(y_test, predicted_test),
        "test_mae": mean_absolute_error(y_test, predicted_test),
    }


linear_model = LinearRegression().fit(X_test_std, y_test)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(X_test_std))
score_table(linreg=linreg_scores)
