import tensorflow as tf

keras.utils.set_random_seed(22)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
rule_q12 = keras.optimizers.Adam(0.01)


@tf.function
def step_q12(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tuned_model(x, training=True)[:, 0] - y) ** 2)
    rule_q12.apply(tape.gradient(loss, tuned_model.trainable_variables), tuned_model.trainable_variables)


for _ in range(40):
    order_q12 = np.random.permutation(len(y_train))[:384]
    for part_q12 in np.split(order_q12, 12):
        step_q12(tf.constant(X_train_std[part_q12], tf.float32), tf.constant(y_train[part_q12], tf.float32))

from_q12 = [tuned_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": np.mean((from_q12[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q12[0] - y_train)),
    "test_mse": np.mean((from_q12[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q12[1] - y_test)),
}
