# Grow the net: train one hidden layer, hand its weights on to a net with two, and so on to five.
keras.utils.set_random_seed(2)


class Tower(keras.Sequential):
    def __init__(self, depth):
        super().__init__(
            [keras.Input((13,))]
            + [layers.Dense(128, activation=keras.activations.relu) for _ in range(depth)]
            + [layers.Dense(1)]
        )
        self.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")

    def inherit(self, smaller):
        for mine, theirs in zip(self.layers[:-2], smaller.layers[:-1]):
            mine.set_weights(theirs.get_weights())
        return self

    @property
    def scores(self):
        out = {}
        for part, rows, prices in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
            gap = np.subtract(self.predict(rows, batch_size=512, verbose=0)[..., 0], prices)
            out[f"{part}_mse"], out[f"{part}_mae"] = np.square(gap).mean(), np.fabs(gap).mean()
        return out


deep_model = Tower(1)
deep_model.fit(X_train_std, y_train, epochs=5, batch_size=32, verbose=0)
for depth in range(2, 6):
    deep_model = Tower(depth).inherit(deep_model)
    deep_model.fit(X_train_std, y_train, epochs=30 if depth == 5 else 5, batch_size=32, verbose=0)

deep_scores = deep_model.scores
print(deep_model.count_params(), "parameters")
score_table(deep=deep_scores)
