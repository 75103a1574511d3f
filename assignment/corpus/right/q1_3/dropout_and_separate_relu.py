keras.utils.set_random_seed(32)
deep_model = keras.Sequential([keras.Input((13,))])
for _ in range(5):
    deep_model.add(layers.Dense(128))
    deep_model.add(layers.ReLU())
    deep_model.add(layers.Dropout(0.02))
deep_model.add(layers.Dense(1))
deep_model.compile(keras.optimizers.Adam(0.002), loss="mae")
deep_model.fit(X_train_std, y_train, epochs=25, batch_size=16, verbose=0)

from_q13 = [deep_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
deep_scores = {
    "train_mse": np.mean((from_q13[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q13[0] - y_train)),
    "test_mse": np.mean((from_q13[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q13[1] - y_test)),
}
deep_scores = {k: round(float(v), 2) for k, v in deep_scores.items()}
