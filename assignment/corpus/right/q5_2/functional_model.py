seen_q52 = keras.Input((28, 28, 1))
moved_q52 = layers.RandomTranslation(0.06, 0.06, fill_mode="constant")(seen_q52)
model_q52 = keras.Model(seen_q52, layers.RandomZoom(0.1, fill_mode="constant")(moved_q52))


def augment(images, training=True):
    return model_q52(keras.ops.convert_to_tensor(images), training=training)
