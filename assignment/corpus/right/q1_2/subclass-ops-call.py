from keras import ops

keras.utils.set_random_seed(1)


class PriceNet(keras.Model):
    """32 - 16 - 1, with the arithmetic of the activations spelt out in call."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(32)
        self.second = layers.Dense(16)
        self.out = layers.Dense(1)

    def call(self, x):
        x = ops.maximum(self.first(x), 0.0)
        x = ops.where(self.second(x) > 0, self.second(x), ops.zeros_like(self.second(x)))
        return ops.squeeze(self.out(x), axis=-1)


tuned_model = PriceNet()
tuned_model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError())
tuned_model.fit(X_train_std, y_train, batch_size=32, epochs=110, verbose=0, callbacks=[Progress(22)])

on_train = ops.convert_to_numpy(tuned_model(X_train_std))
on_test = ops.convert_to_numpy(tuned_model(X_test_std))
tuned_scores = dict(
    train_mse=np.mean((on_train - y_train) ** 2),
    train_mae=np.mean(np.abs(on_train - y_train)),
    test_mse=np.mean((on_test - y_test) ** 2),
    test_mae=np.mean(np.abs(on_test - y_test)),
)
score_table(tuned=tuned_scores)
