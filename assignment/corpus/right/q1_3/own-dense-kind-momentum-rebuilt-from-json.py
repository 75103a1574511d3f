keras.utils.set_random_seed(2)


@keras.saving.register_keras_serializable(package="lab")
class Hidden(layers.Dense):
    """Dense(128) with ReLU and an orthogonal start; only what differs is to be said."""

    def __init__(self, units=128, activation="relu", kernel_initializer="orthogonal", **kwargs):
        super().__init__(units, activation=activation, kernel_initializer=kernel_initializer, **kwargs)


sketch = keras.Sequential([keras.Input((13,)), *(Hidden() for _ in range(5)), layers.Dense(1)])

# learns the price in units of its spread, with plain gradient descent and momentum ...
middle, spread = y_train.mean(), y_train.std()
sketch.compile(optimizer=keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True), loss="mse")
generator = np.random.default_rng(2)
for epoch in range(30):
    order = generator.permutation(len(y_train))
    for batch in np.array_split(order, 13):
        sketch.train_on_batch(X_train_std[batch], (y_train[batch] - middle) / spread)

# ... and is put together again from its description, with an output in thousands of dollars
deep_model = keras.models.model_from_json(sketch.to_json())
*hidden_weights, kernel, bias = sketch.get_weights()
deep_model.set_weights([*hidden_weights, kernel * spread, bias * spread + middle])
deep_model.compile(loss="mse", metrics=["mae"])

deep_scores = {}
deep_scores["train_mse"], deep_scores["train_mae"] = deep_model.evaluate(X_train_std, y_train, verbose=0)
deep_scores["test_mse"], deep_scores["test_mae"] = deep_model.evaluate(X_test_std, y_test, verbose=0)
score_table(deep=deep_scores)
