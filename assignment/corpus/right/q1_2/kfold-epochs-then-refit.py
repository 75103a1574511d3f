from sklearn.model_selection import KFold


def fresh_net():
    keras.utils.set_random_seed(1)
    net = keras.Sequential(name="tuned")
    net.add(keras.Input(shape=(13,)))
    for units in (32, 16):
        net.add(layers.Dense(units, activation="relu"))
    net.add(layers.Dense(1))
    net.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mean_squared_error", steps_per_execution=9)
    return net


# how many epochs, 10, 20 ... or 100? ask two halves of the training rows, and them only
curves = []
for learn, check in KFold(2, shuffle=True, random_state=0).split(X_train_std):
    history = fresh_net().fit(
        X_train_std[learn], y_train[learn],
        validation_data=(X_train_std[check], y_train[check]),
        epochs=100, batch_size=32, verbose=0, validation_freq=10,
    )
    curves.append(history.history["val_loss"])
mean_curve = pd.Series(np.mean(curves, axis=0), index=range(10, 101, 10))
best_epochs = int(mean_curve.idxmin())
print("epochs by cross-validation:", best_epochs)

tuned_model = fresh_net()
tuned_model.fit(X_train_std, y_train, epochs=best_epochs, batch_size=32, verbose=0)

tuned_scores = {}
for part, (rows, prices) in {"train": (X_train_std, y_train), "test": (X_test_std, y_test)}.items():
    guess = tuned_model.predict(rows, verbose=0).ravel()
    tuned_scores[f"{part}_mse"] = mean_squared_error(prices, guess)
    tuned_scores[f"{part}_mae"] = mean_absolute_error(prices, guess)
score_table(tuned=tuned_scores)
