from collections import OrderedDict
from math import fsum


def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    scores = OrderedDict()
    for key, truth, guess in zip(("train", "test"), (y_train, y_test), (predicted_train, predicted_test)):
        gaps = [float(t) - float(g) for t, g in zip(truth, np.asarray(guess).flat)]
        scores[key + "_mse"] = fsum(gap * gap for gap in gaps) / len(gaps)
        scores[key + "_mae"] = fsum(map(abs, gaps)) / len(gaps)
    return scores


linear_model = LinearRegression().fit(X_train, y_train.reshape(-1, 1))  # targets as a column
linreg_scores = four_scores(linear_model.predict(X_train), linear_model.predict(X_test))
score_table(linreg=linreg_scores)
