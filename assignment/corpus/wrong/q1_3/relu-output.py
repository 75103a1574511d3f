# misconception: none
# earns: 3
keras.utils.set_random_seed(2)
deep_model = keras.Sequential([keras.Input(shape=(13,))])
for _ in range(5):
    deep_model.add(layers.Dense(128, activation="relu"))
deep_model.add(layers.Dense(1, activation="relu"))
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, y_train, batch_size=32, epochs=30, verbose=0)
tr = deep_model.predict(X_train_std, verbose=0)[:, 0]
held = deep_model.predict(X_test_std, verbose=0)[:, 0]
deep_scores = {
    "train_mse": mean_squared_error(y_train, tr),
    "train_mae": mean_absolute_error(y_train, tr),
    "test_mse": mean_squared_error(y_test, held),
    "test_mae": mean_absolute_error(y_test, held),
}
score_table(deep=deep_scores)
