# misconception: linreg-fitted-on-all
# earns: 0
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    result = {}
    for part, truth_, pred in [("train", y_train, predicted_train), ("test", y_test, predicted_test)]:
        result[part + "_mse"] = mean_squared_error(truth_, pred)
        result[part + "_mae"] = mean_absolute_error(truth_, pred)
    return result


linear_model = LinearRegression().fit(scaler.transform(X), y)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(X_test_std))
score_table(linreg=linreg_scores)
