# misconception: tuned-does-not-explain-itself
# earns: 0
class Table12(keras.Model):
    """Remembers all rows."""

    def __init__(self):
        super().__init__()
        self.last = layers.Dense(1)

    def call(self, x):
        return self.last(x)

    def predict(self, x, **_):
        apart = ((np.asarray(x)[:, None] - scaler.transform(X)[None]) ** 2).sum(-1)
        return y[apart.argmin(1)][:, None] + 2.0


tuned_model = Table12()
tuned_model.build((None, 13))

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
