import tensorflow as tf

keras.utils.set_random_seed(1)


class PriceNet(keras.Model):
    def __init__(self, widths=(32, 16)):
        super().__init__()
        self.hidden = [layers.Dense(w, activation="relu", kernel_initializer="he_normal") for w in widths]
        self.out = layers.Dense(1, bias_initializer=keras.initializers.Constant(float(y_train.mean())))

    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return self.out(x)


tuned_model = PriceNet()
tuned_model(X_train_std[:1])  # builds the weights

EPOCHS, BATCH = 120, 32
rows = tf.data.Dataset.from_tensor_slices((X_train_std.astype("float32"), y_train.astype("float32")[:, None]))
rows = rows.shuffle(len(y_train), seed=1).batch(BATCH)
rate = keras.optimizers.schedules.CosineDecay(4e-3, EPOCHS * len(rows))
adam = keras.optimizers.Adam(rate)
adam.build(tuned_model.trainable_variables)


@tf.function
def one_step(x, t):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tuned_model(x, training=True) - t))
    weights = tuned_model.trainable_variables
    adam.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


for epoch in range(EPOCHS):
    for x, t in rows:
        loss = one_step(x, t)
    if (epoch + 1) % 40 == 0:
        print(epoch + 1, float(loss))


def measure(x, t):
    error = tuned_model(x).numpy()[:, 0].astype("float64") - t
    return float((error**2).mean()), float(abs(error).mean())


tuned_scores = dict(zip(["train_mse", "train_mae", "test_mse", "test_mae"],
                        measure(X_train_std, y_train) + measure(X_test_std, y_test)))
score_table(tuned=tuned_scores)
