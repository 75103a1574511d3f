# misconception: deep-one-layer-short
# earns: 3
keras.utils.set_random_seed(2)
deep_model = keras.Sequential([keras.Input(shape=(13,))])
for number in range(1, 5):
    deep_model.add(layers.Dense(128, activation="relu", name=f"hidden_{number}"))
deep_model.add(layers.Dense(1))
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0, callbacks=[Progress(10)])
p_train = deep_model.predict(X_train_std, verbose=0)
p_test = deep_model.predict(X_test_std, verbose=0)
deep_scores = {
    "train_mse": mean_squared_error(y_train, p_train),
    "train_mae": mean_absolute_error(y_train, p_train),
    "test_mse": mean_squared_error(y_test, p_test),
    "test_mae": mean_absolute_error(y_test, p_test),
}
score_table(deep=deep_scores)
