from sklearn.pipeline import make_pipeline


def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    pairs = {"train": (y_train, predicted_train), "test": (y_test, predicted_test)}
    measures = {"mse": mean_squared_error, "mae": mean_absolute_error}
    return {f"{part}_{short}": measure(*pair) for part, pair in pairs.items() for short, measure in measures.items()}


linear_model = make_pipeline(StandardScaler(), LinearRegression()).fit(X_train, y_train)
linreg_scores = four_scores(*map(linear_model.predict, (X_train, X_test)))
score_table(linreg=linreg_scores)
