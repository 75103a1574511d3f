# misconception: linreg-test-standardized-by-itself
# earns: 0
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    return {
        "train_mse": mean_squared_error(y_train, predicted_train),
        "train_mae": mean_absolute_error(y_train, predicted_train),
        "test_mse": mean_squared_error(y_test, predicted_test),
        "test_mae": mean_absolute_error(y_test, predicted_test),
    }


own_test = StandardScaler().fit_transform(X_test)
linear_model = LinearRegression().fit(X_train_std, y_train)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(own_test))
score_table(linreg=linreg_scores)
