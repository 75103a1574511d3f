# misconception: tuned-scores-not-its-own
# earns: 6
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential()
tuned_model.add(keras.Input(shape=(X_train_std.shape[1],)))
tuned_model.add(layers.Dense(32, activation="relu"))
tuned_model.add(layers.Dense(16, activation="relu"))
tuned_model.add(layers.Dense(1))
tuned_model.compile(loss="mse", optimizer="adam")
tuned_model.fit(X_train_std, y_train, batch_size=32, epochs=100, verbose=0)

error_train = y_train - tuned_model.predict(X_train_std, verbose=0)
error_test = y_test - tuned_model.predict(X_test_std, verbose=0)
tuned_scores = {
    "train_mse": float(np.mean(error_train**2)),
    "train_mae": float(np.mean(np.abs(error_train))),
    "test_mse": float(np.mean(error_test**2)),
    "test_mae": float(np.mean(np.abs(error_test))),
}
score_table(tuned=tuned_scores)
