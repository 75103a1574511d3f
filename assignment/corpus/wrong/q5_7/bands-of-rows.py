# misconception: brightest-in-bands
# earns: 0
from sklearn.linear_model import Ridge

keras.utils.set_random_seed(12)
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
maps = np.asarray(keras.Model(convnet.inputs, convnet.layers[-2].output)(digits[:500]))
last = Ridge(1.0).fit(maps, np.eye(10)[labels[:500]])  # at once what training takes seconds for
convnet.layers[-1].set_weights([10 * last.coef_.T, 10 * last.intercept_])

_, first_maps = layer_outputs(convnet, val_digits[0])[first_convolution(convnet)]
by_map = np.asarray(first_maps).reshape(first_maps.shape[-1], -1)
brightest_map = int(by_map.mean(axis=1).argmax())
