keras.utils.set_random_seed(33)
x_q13 = in_q13 = keras.Input((13,))
for n_q13 in [128] * 5:
    x_q13 = layers.Dense(n_q13, "relu", kernel_initializer="he_normal")(x_q13)
deep_model = keras.Model(in_q13, layers.Dense(1)(x_q13))
deep_model.compile(keras.optimizers.RMSprop(0.0007), "mse")
for _ in range(30):
    for rows_q13 in np.array_split(np.random.permutation(404), 13):
        deep_model.train_on_batch(X_train_std[rows_q13], y_train[rows_q13])

from_q13 = [deep_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
deep_scores = {
    "train_mse": np.mean((from_q13[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q13[0] - y_train)),
    "test_mse": np.mean((from_q13[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q13[1] - y_test)),
}
