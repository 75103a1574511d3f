import tensorflow as tf

keras.utils.set_random_seed(2)


class Deep(keras.Model):
    def __init__(self, depth=5, width=128):
        super().__init__()
        self.hidden = [layers.Dense(width, name=f"hidden_{i}") for i in range(depth)]
        self.last = layers.Dense(1, name="price")

    def call(self, x, training=None):
        for layer in self.hidden:
            x = tf.nn.relu(layer(x))
        return self.last(x)


deep_model = Deep()
deep_model.compile("adam", "mse", metrics=["mae"])
deep_model.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0, callbacks=[Progress(10)])
deep_scores = dict(
    zip(
        ("train_mse", "train_mae", "test_mse", "test_mae"),
        deep_model.evaluate(X_train_std, y_train, verbose=0) + deep_model.evaluate(X_test_std, y_test, verbose=0),
    )
)
score_table(deep=deep_scores)
