import tensorflow as tf

keras.utils.set_random_seed(1)


class MyDense(layers.Layer):
    def __init__(self, units, relu=True, **kwargs):
        super().__init__(**kwargs)
        self.units, self.relu = units, relu

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="he_uniform", name="w")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, inputs):
        z = tf.matmul(inputs, self.w) + self.b
        return tf.nn.relu(z) if self.relu else z

    def get_config(self):
        return {**super().get_config(), "units": self.units, "relu": self.relu}


tuned_model = keras.Sequential([MyDense(32), MyDense(16), MyDense(1, relu=False)])
tuned_model.compile("adam", "mse", metrics=["mae"])
tuned_model.fit(X_train_std, y_train, epochs=100, batch_size=32, verbose=0)

train_mse, train_mae = tuned_model.evaluate(X_train_std, y_train, verbose=0)
test_mse, test_mae = tuned_model.evaluate(X_test_std, y_test, verbose=0)
tuned_scores = {"train_mse": train_mse, "train_mae": train_mae, "test_mse": test_mse, "test_mae": test_mae}
score_table(tuned=tuned_scores)
