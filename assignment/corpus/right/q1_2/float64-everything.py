keras.utils.set_random_seed(1)
kind = dict(dtype="float64")
tuned_model = keras.Sequential(
    [
        keras.Input((13,), dtype="float64"),
        layers.Dense(32, activation="relu", **kind),
        layers.Dense(16, activation="relu", **kind),
        layers.Dense(1, **kind),
    ]
)
tuned_model.compile(loss="mse", optimizer=keras.optimizers.Nadam(learning_rate=0.001))
tuned_model.fit(X_train_std, y_train, epochs=120, batch_size=32, verbose=0)
prediction = {"train": tuned_model.predict(X_train_std, verbose=0), "test": tuned_model.predict(X_test_std, verbose=0)}
price = {"train": y_train, "test": y_test}
tuned_scores = {}
for part in prediction:
    tuned_scores[part + "_mse"] = mean_squared_error(price[part], prediction[part])
    tuned_scores[part + "_mae"] = mean_absolute_error(price[part], prediction[part])
score_table(tuned=tuned_scores)
