keras.utils.set_random_seed(1)


@keras.saving.register_keras_serializable(package="lab")
class WeightNormDense(layers.Layer):
    """A dense layer whose weight columns are a direction v / |v| times a learned length g."""

    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.v = self.add_weight(shape=(input_shape[-1], self.units), initializer="he_normal", name="v")
        self.g = self.add_weight(shape=(self.units,), initializer="ones", name="g")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, x):
        w = self.g * self.v / keras.ops.sqrt(keras.ops.sum(keras.ops.square(self.v), axis=0) + 1e-8)
        return self.activation(keras.ops.matmul(x, w) + self.b)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units,
                "activation": keras.activations.serialize(self.activation)}


tuned_model = keras.Sequential([
    keras.Input((13,)),
    WeightNormDense(32, "relu"),
    WeightNormDense(16, "relu"),
    WeightNormDense(1),
])
tuned_model.compile(
    keras.optimizers.Adam(keras.optimizers.schedules.PiecewiseConstantDecay([800, 1200], [1e-2, 3e-3, 1e-3])),
    loss=keras.losses.MeanSquaredError(),
)
tuned_model.fit(X_train_std, y_train, batch_size=32, epochs=120, verbose=0, callbacks=[Progress(40)])

p_train, p_test = (np.squeeze(tuned_model.predict(rows, verbose=0)) for rows in (X_train_std, X_test_std))
tuned_scores = dict(
    train_mse=np.mean((p_train - y_train) ** 2),
    train_mae=np.mean(np.abs(p_train - y_train)),
    test_mse=np.mean((p_test - y_test) ** 2),
    test_mae=np.mean(np.abs(p_test - y_test)),
)
score_table(tuned=tuned_scores)
