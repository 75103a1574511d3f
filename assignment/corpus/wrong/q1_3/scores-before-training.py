# misconception: deep-scores-not-its-own
# earns: 5
keras.utils.set_random_seed(2)
inputs = keras.Input(shape=(13,))
h = inputs
for i in range(5):
    h = layers.Dense(128, activation="relu")(h)
deep_model = keras.Model(inputs, layers.Dense(1)(h))
deep_model.compile(optimizer="adam", loss="mse")

predicted = deep_model.predict(X_train_std, verbose=0).ravel()
predicted_t = deep_model.predict(X_test_std, verbose=0).ravel()
deep_scores = {
    "train_mse": mean_squared_error(y_train, predicted),
    "train_mae": mean_absolute_error(y_train, predicted),
    "test_mse": mean_squared_error(y_test, predicted_t),
    "test_mae": mean_absolute_error(y_test, predicted_t),
}
deep_model.fit(X_train_std, y_train, batch_size=32, epochs=30, verbose=0)
score_table(deep=deep_scores)
