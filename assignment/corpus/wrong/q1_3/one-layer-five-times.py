# misconception: deep-layer-used-again
# earns: 3
keras.utils.set_random_seed(2)
inputs = keras.Input(shape=(13,))
again = layers.Dense(128, activation="relu")
h = layers.Dense(128, activation="relu")(inputs)
for _ in range(4):
    h = again(h)
deep_model = keras.Model(inputs, layers.Dense(1)(h))
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0)
answers = [deep_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
deep_scores = {}
for part, truth, answer in zip(("train", "test"), (y_train, y_test), answers):
    deep_scores[f"{part}_mse"] = np.mean((answer - truth) ** 2)
    deep_scores[f"{part}_mae"] = np.mean(np.abs(answer - truth))
