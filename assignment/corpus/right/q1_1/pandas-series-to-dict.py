def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    residuals = {
        "train": pd.Series(np.asarray(predicted_train).reshape(-1) - y_train),
        "test": pd.Series(np.asarray(predicted_test).reshape(-1) - y_test),
    }
    result = {}
    for part, residual in residuals.items():
        result[part + "_mse"] = residual.pow(2).mean()
        result[part + "_mae"] = residual.abs().mean()
    return result


linear_model = LinearRegression()
linear_model.fit(pd.DataFrame(X_train_std), y_train)
linreg_scores = four_scores(X_train_std @ linear_model.coef_ + linear_model.intercept_,
                            X_test_std @ linear_model.coef_ + linear_model.intercept_)
score_table(linreg=linreg_scores)
