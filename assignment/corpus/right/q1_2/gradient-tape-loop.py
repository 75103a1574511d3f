import tensorflow as tf

keras.utils.set_random_seed(1)
tuned_model = keras.Sequential([layers.Input((13,)), layers.Dense(32, activation=tf.nn.relu),
                                layers.Dense(16, activation=tf.nn.relu), layers.Dense(1, activation="linear")])
optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.005, 1300))
batches = (tf.data.Dataset.from_tensor_slices((X_train_std.astype("float32"), y_train.astype("float32")))
           .shuffle(404, seed=1).batch(32))


@tf.function
def step(features, target):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tuned_model(features, training=True)[:, 0] - target))
    gradients = tape.gradient(loss, tuned_model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, tuned_model.trainable_variables))
    return loss


for epoch in range(100):
    for features, target in batches:
        loss = step(features, target)


def errors(features, target):
    residual = tuned_model(features).numpy().ravel() - target
    return float(residual @ residual) / len(residual), float(abs(residual).mean())


tuned_scores = {}
tuned_scores["train_mse"], tuned_scores["train_mae"] = errors(X_train_std, y_train)
tuned_scores["test_mse"], tuned_scores["test_mae"] = errors(X_test_std, y_test)
score_table(tuned=tuned_scores)
