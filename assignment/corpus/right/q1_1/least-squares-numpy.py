def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    off_train = np.ravel(predicted_train) - y_train
    off_test = np.ravel(predicted_test) - y_test
    return {
        "train_mse": np.mean(off_train**2),
        "train_mae": np.mean(np.abs(off_train)),
        "test_mse": np.mean(off_test**2),
        "test_mae": np.mean(np.abs(off_test)),
    }


# the same straight line by hand: a column of ones for the constant, then least squares
with_ones = lambda features: np.column_stack([np.ones(len(features)), features])
linear_model, *_ = np.linalg.lstsq(with_ones(X_train_std), y_train, rcond=None)
linreg_scores = four_scores(with_ones(X_train_std) @ linear_model, with_ones(X_test_std) @ linear_model)
score_table(linreg=linreg_scores)
