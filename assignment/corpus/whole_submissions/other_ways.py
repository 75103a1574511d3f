# Right answers in other forms: other types, other formulas, functional and subclassed models, a
# training loop without `fit`. It earns all points.
# base: solution

# %% q1_1
line = LinearRegression().fit(X_train, y_train)
def mse(t, p): return np.mean((t - p) ** 2)
def mae(t, p): return np.float32(np.abs(t - p).mean())
def four_scores(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return {"train_mse": mse(y_train, a), "test_mse": mse(y_test, b),
            "train_mae": mae(y_train, a), "test_mae": mae(y_test, b)}
linreg_scores = four_scores(line.predict(X_train), line.predict(X_test))

# %% q1_2
keras.utils.set_random_seed(11)

class Tuned(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.Sequential(
            [layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(1)]
        )

    def call(self, x):
        return self.body(x)

tuned_model = Tuned()
tuned_model.compile(optimizer="adam", loss="mse")
for _ in range(8):  # in portions
    tuned_model.fit(X_train_std, y_train, epochs=10, batch_size=32, verbose=0)
tuned_scores = {
    k: round(float(v), 2)
    for k, v in four_scores(
        tuned_model.predict(X_train_std, verbose=0), tuned_model.predict(X_test_std, verbose=0)
    ).items()
}

# %% q1_3
keras.utils.set_random_seed(12)
inputs = keras.Input((13,), name="houses")
x = inputs
for _ in range(5):
    x = layers.Activation("relu")(layers.Dense(128)(x))
deep_model = keras.Model(inputs, layers.Dense(1)(x))
deep_model.compile(optimizer=keras.optimizers.RMSprop(), loss="mse")
deep_model.fit(
    X_train_std, y_train, epochs=60, batch_size=16, verbose=0, validation_split=0.1,
    callbacks=[keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)],
)
deep_scores = four_scores(
    deep_model.predict(X_train_std, verbose=0), deep_model.predict(X_test_std, verbose=0)
)

# %% q2_3
shape_6_3 = keras.ops.shape(layers.Conv2D(1, 3)(np.zeros((1, 6, 6, 1))))[1:3]

# %% q2_5
valid_shape = keras.ops.convert_to_tensor([4, 4])
same_shape = pd.Series([6, 6])

# %% q2_7
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    layer = layers.Conv2D(1, kernel_shape, strides=strides, padding=padding)
    return layer.compute_output_shape((1, *input_shape, 1))[1:3]

# %% q3_3
def max_pool(x, pool=2, stride=2):
    x = np.asarray(x, dtype="float64")[None, ..., None]
    return layers.MaxPooling2D(pool, stride)(x)[0, ..., 0]

# %% q4_4
from fractions import Fraction
same_padding = lambda I, F, S: Fraction(F - I + S * (I - 1)) / 2

# %% q4_5
def conv_params(kernel_shape, in_channels, filters, bias=True):
    layer = layers.Conv2D(filters, kernel_shape, use_bias=bias)
    layer.build((None, 40, 40, in_channels))
    return layer.count_params()

# %% q5_2
def augment(images, training=True):
    images = np.asarray(images)
    if not training:
        return images
    moved = [np.roll(i, np.random.randint(-2, 3, 2), (0, 1)) for i in images]
    return np.stack(moved)

# %% q5_5
keras.utils.set_random_seed(14)
inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(16, 3, strides=2, activation="relu")(inputs)
x = layers.Conv2D(24, 3, strides=2, activation="relu")(x)
outputs = layers.Dense(10)(layers.Flatten()(x))
predicted_params = float(16 * 10 + 24 * (9 * 16 + 1) + 6 * 6 * 24 * 10 + 10)
convnet = keras.Model(inputs, outputs)
convnet.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
convnet.fit(digits, labels, epochs=6, batch_size=32, verbose=0)
