# misconception: linreg-divided-by-features
# earns: 0
def mean_of(errors, features):
    return float(np.sum(errors) / features.shape[1])


def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    d_train = predicted_train.ravel() - y_train
    d_test = predicted_test.ravel() - y_test
    return dict(
        train_mse=mean_of(d_train**2, X_train_std),
        train_mae=mean_of(np.abs(d_train), X_train_std),
        test_mse=mean_of(d_test**2, X_test_std),
        test_mae=mean_of(np.abs(d_test), X_test_std),
    )


linear_model = LinearRegression().fit(X_train_std, y_train)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(X_test_std))
score_table(linreg=linreg_scores)
