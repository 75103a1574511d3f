# misconception: q1-1-size-error-always-error-guessed-minus-true
# earns: 2
def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    d_train = y_train - predicted_train
    d_test = y_test - predicted_test
    return {
        "train_mse": (d_train ** 2).mean(),
        "train_mae": abs(d_train.mean()),
        "test_mse": (d_test ** 2).mean(),
        "test_mae": abs(d_test.mean()),
    }


linear_model = LinearRegression().fit(X_train_std, y_train)
linreg_scores = four_scores(
    linear_model.predict(X_train_std),
    linear_model.predict(X_test_std),
)
score_table(linreg=linreg_scores)
