keras.utils.set_random_seed(2)


class DeepTower(keras.Model):
    """Five hidden layers of 128; the ReLU sits in call, between the layers."""

    def __init__(self, depth=5, width=128, **kwargs):
        super().__init__(**kwargs)
        self.depth, self.width = depth, width
        self.stack = [layers.Dense(width, name=f"hidden_{i}") for i in range(1, depth + 1)]
        self.price = layers.Dense(1, name="price")

    def call(self, x):
        for dense in self.stack:
            x = keras.ops.maximum(dense(x), 0.0)
        return self.price(x)

    def get_config(self):
        return {"depth": self.depth, "width": self.width}


deep_model = DeepTower()
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0, callbacks=[Progress(10)])

# on paper: 13*128+128, four times 128*128+128, 128+1
assert deep_model.count_params() == 14 * 128 + 4 * 129 * 128 + 129

deep_scores = {}
for suffix, rows, target in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
    residual = pd.Series(deep_model.predict(rows, verbose=0).flatten() - target)
    deep_scores[suffix + "_mse"] = residual.pow(2).mean()
    deep_scores[suffix + "_mae"] = residual.abs().mean()
score_table(deep=deep_scores)
