# misconception: deep-one-layer-short
# earns: 3
keras.utils.set_random_seed(2)
deep_model = keras.Sequential([
    layers.Input((13,)),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(1),
])
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, y_train, batch_size=32, epochs=30, verbose=0, callbacks=[Progress(10)])
deep_train = deep_model.predict(X_train_std, verbose=0).ravel()
deep_test = deep_model.predict(X_test_std, verbose=0).ravel()
deep_scores = {
    "train_mse": mean_squared_error(y_train, deep_train),
    "train_mae": mean_absolute_error(y_train, deep_train),
    "test_mse": mean_squared_error(y_test, deep_test),
    "test_mae": mean_absolute_error(y_test, deep_test),
}
score_table(deep=deep_scores)
