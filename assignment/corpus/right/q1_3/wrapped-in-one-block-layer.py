keras.utils.set_random_seed(2)


class Block(layers.Layer):
    """Any number of hidden layers, used like one."""

    def __init__(self, *widths):
        super().__init__()
        self.parts = [layers.Dense(w, activation="relu") for w in widths]

    def build(self, shape):
        for part in self.parts:
            part.build(shape)
            shape = part.compute_output_shape(shape)

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


rows = keras.Input((13,))
deep_model = keras.Model(rows, layers.Dense(1)(Block(128, 128)(Block(128, 128, 128)(rows))))
deep_model.compile(optimizer=keras.optimizers.RMSprop(5e-4), loss="log_cosh")
deep_model.fit(X_train_std, y_train, epochs=35, batch_size=16, verbose=0)

mse, mae = keras.metrics.MeanSquaredError(), keras.metrics.MeanAbsoluteError()
deep_scores = {}
for key, a, b in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
    for short, metric in (("mse", mse), ("mae", mae)):
        metric.reset_state()
        metric.update_state(b[:, None], deep_model(a))
        deep_scores[f"{key}_{short}"] = float(metric.result())
score_table(deep=deep_scores)
