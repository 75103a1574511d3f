six = np.zeros((1, 6, 6, 1), dtype="float32")
valid_shape = layers.Conv2D(1, 3, padding="valid")(six).numpy().squeeze().shape
same_shape = layers.Conv2D(1, 3, padding="same")(six).numpy().squeeze().shape
