from scipy import linalg
from sklearn.base import BaseEstimator, RegressorMixin


class QRRegression(RegressorMixin, BaseEstimator):
    """Least squares by hand: A w = y with A = QR, so R w = Q'y."""

    @staticmethod
    def _with_ones(rows):
        return np.hstack([np.asarray(rows, dtype=float), np.ones((len(rows), 1))])

    def fit(self, rows, targets):
        q, r = linalg.qr(self._with_ones(rows), mode="economic")
        *self.coef_, self.intercept_ = linalg.solve_triangular(r, q.T @ targets)
        return self

    def predict(self, rows):
        return self._with_ones(rows) @ np.r_[self.coef_, self.intercept_]


def four_scores(predicted_train, predicted_test):
    """A dict with train_mse, train_mae, test_mse and test_mae for these predictions."""
    scores = {}
    for part, truth_, guess_ in ("train", y_train, predicted_train), ("test", y_test, predicted_test):
        gap = np.asarray(guess_, dtype=float).reshape(-1) - truth_
        scores |= {part + "_mse": np.dot(gap, gap) / gap.size, part + "_mae": linalg.norm(gap, 1) / gap.size}
    return scores


linear_model = QRRegression().fit(X_train_std, y_train)
linreg_scores = four_scores(linear_model.predict(X_train_std), linear_model.predict(X_test_std))
score_table(linreg=linreg_scores)
