import os
import tempfile

from keras import ops

keras.utils.set_random_seed(4)
half = "mixed_bfloat16"
picture = keras.Input((28, 28, 1))
x = layers.maximum([layers.Conv2D(8, 3)(picture) for _ in range(2)])  # maxout of two convolutions
x = layers.MaxPooling2D(2)(x)
x = layers.maximum([layers.Conv2D(12, 3)(x) for _ in range(2)])
x = layers.MaxPooling2D(2)(x)
x = layers.Dense(24, activation="relu", dtype=half)(layers.Flatten()(x))
model = keras.Model(picture, layers.Dense(10, activation="softmax", dtype="float32")(x))
model.compile(keras.optimizers.Adam(4e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(digits, labels, epochs=6, batch_size=32, verbose=0)

path = os.path.join(tempfile.mkdtemp(), "digits.keras")
model.save(path)
convnet = keras.models.load_model(path, compile=False)
predicted_params = 2 * (3 * 3 * 1 * 8 + 8) + 2 * (3 * 3 * 8 * 12 + 12) + (5 * 5 * 12 * 24 + 24) + (24 * 10 + 10)
