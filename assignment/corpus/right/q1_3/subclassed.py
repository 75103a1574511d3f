keras.utils.set_random_seed(31)


class Deep13(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = [layers.Dense(128, activation="relu") for _ in range(5)]
        self.last = layers.Dense(1)

    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return self.last(x)


deep_model = Deep13()
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, y_train, epochs=20, batch_size=32, verbose=0)

from_q13 = [deep_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
deep_scores = {
    "train_mse": np.mean((from_q13[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q13[0] - y_train)),
    "test_mse": np.mean((from_q13[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q13[1] - y_test)),
}
