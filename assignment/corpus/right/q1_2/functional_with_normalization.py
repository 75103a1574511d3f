keras.utils.set_random_seed(21)
in_q12 = keras.Input((13,))
h_q12 = layers.BatchNormalization()(layers.Dense(48, activation="relu")(in_q12))
h_q12 = layers.Dense(24, activation="relu")(h_q12)
tuned_model = keras.Model(in_q12, layers.Dense(1)(h_q12))
tuned_model.compile(keras.optimizers.Adam(0.01), "mse")
tuned_model.fit(X_train_std, y_train, epochs=50, batch_size=32, verbose=0)

from_q12 = [tuned_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": np.mean((from_q12[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q12[0] - y_train)),
    "test_mse": np.mean((from_q12[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q12[1] - y_test)),
}
