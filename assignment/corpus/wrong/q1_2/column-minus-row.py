# misconception: tuned-scores-not-its-own
# earns: 6
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential([
    keras.Input(shape=(13,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
tuned_model.compile("adam", "mse")
tuned_model.fit(X_train_std, y_train, batch_size=32, epochs=100, verbose=0, callbacks=[Progress(25)])

err_train = y_train - tuned_model.predict(X_train_std, verbose=0)
err_test = y_test - tuned_model.predict(X_test_std, verbose=0)
tuned_scores = {
    "train_mse": np.mean(err_train ** 2),
    "train_mae": np.mean(np.abs(err_train)),
    "test_mse": np.mean(err_test ** 2),
    "test_mae": np.mean(np.abs(err_test)),
}
score_table(tuned=tuned_scores)
