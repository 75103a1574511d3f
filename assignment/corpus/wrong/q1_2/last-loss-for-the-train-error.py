# misconception: tuned-scores-not-its-own
# earns: 6
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential([
    keras.Input(shape=(13,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
tuned_model.compile(optimizer="adam", loss="mse", metrics=["mae"])
history = tuned_model.fit(X_train_std, y_train, epochs=100, batch_size=32, verbose=0)
off = tuned_model.predict(X_test_std, verbose=0).ravel() - y_test
tuned_scores = {
    "train_mse": history.history["loss"][-1],
    "train_mae": history.history["mae"][-1],
    "test_mse": np.mean(off**2),
    "test_mae": np.mean(np.abs(off)),
}
