wobble_q52 = keras.Sequential([layers.RandomRotation(0.1), layers.RandomContrast(0.2, value_range=(0, 1))])
augment = lambda images, training=True: wobble_q52(images, training=training).numpy()
