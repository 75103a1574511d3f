keras.utils.set_random_seed(32)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 5, strides=2, activation="relu"),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])
convnet.compile(keras.optimizers.Adam(0.004), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)

said = pd.Series(convnet.predict(val_digits, verbose=0).argmax(axis=1), name="said")
truth = pd.Series(val_labels, name="truth")
validation_accuracy = said.eq(truth).mean()
often = pd.crosstab(truth, said).stack()
often = often[often.index.get_level_values("truth") != often.index.get_level_values("said")]
confused_pair = often.idxmax()
