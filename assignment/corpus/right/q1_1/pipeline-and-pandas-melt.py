from sklearn.pipeline import make_pipeline


def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    error = pd.concat({
        "train": pd.Series(np.ravel(predicted_train) - y_train),
        "test": pd.Series(np.ravel(predicted_test) - y_test),
    })
    table = pd.DataFrame({"mse": error**2, "mae": error.abs()}).groupby(level=0).mean().stack()
    return {f"{part}_{score}": value for (part, score), value in table.items()}


# the pipeline standardizes by itself, so it is given the raw rows
linear_model = make_pipeline(StandardScaler(), LinearRegression()).fit(X_train, y_train)
linreg_scores = four_scores(*map(linear_model.predict, (X_train, X_test)))
score_table(linreg=linreg_scores)
