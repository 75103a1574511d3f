# misconception: tuned-saw-test-rows
# earns: 0
keras.utils.set_random_seed(4)
everything = scaler.transform(X)
tuned_model = keras.Sequential([
    keras.Input(shape=(13,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
tuned_model.compile(optimizer="adam", loss="mse", metrics=["mae"])
tuned_model.fit(everything, y, epochs=100, batch_size=32, verbose=0)

def mse_and_mae(rows, prices):
    off = prices - tuned_model.predict(rows, verbose=0).ravel()
    return (off ** 2).mean(), abs(off).mean()

(train_mse, train_mae), (test_mse, test_mae) = mse_and_mae(X_train_std, y_train), mse_and_mae(X_test_std, y_test)
tuned_scores = {"train_mse": train_mse, "train_mae": train_mae, "test_mse": test_mse, "test_mae": test_mae}
