# misconception: linreg-keys-mixed-up
# earns: 0
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    keys = ["train_mse", "test_mse", "train_mae", "test_mae"]
    numbers = [
        metric(truth, guess)
        for truth, guess in ((y_train, predicted_train), (y_test, predicted_test))
        for metric in (mean_squared_error, mean_absolute_error)
    ]
    return dict(zip(keys, numbers))


linear_model = LinearRegression().fit(X_train_std, y_train)
linreg_scores = four_scores(
    predicted_train=linear_model.predict(X_train_std),
    predicted_test=linear_model.predict(X_test_std),
)
score_table(linreg=linreg_scores)
