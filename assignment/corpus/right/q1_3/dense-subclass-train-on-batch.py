keras.utils.set_random_seed(2)


class Hidden(layers.Dense):
    """A Dense layer that is 128 wide and has ReLU if nothing else is said."""

    def __init__(self, units=128, activation="relu", **kwargs):
        super().__init__(units, activation=activation, **kwargs)


deep_model = keras.Sequential([keras.Input((13,)), Hidden(), Hidden(), Hidden(), Hidden(), Hidden(), layers.Dense(1)])
deep_model.compile(optimizer="adam", loss="mse")
rng = np.random.default_rng(2)
for epoch in range(30):
    order = rng.permutation(len(X_train_std))
    for chunk in np.array_split(order, 13):
        deep_model.train_on_batch(X_train_std[chunk], y_train[chunk])

deep_scores = {}
for split, a, b in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
    r = np.asarray(deep_model(a)).flatten() - b
    deep_scores.update({f"{split}_mse": np.dot(r, r) / r.size, f"{split}_mae": np.abs(r).sum() / r.size})
score_table(deep=deep_scores)
