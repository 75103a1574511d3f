# misconception: deep-never-trained
# earns: 3
keras.utils.set_random_seed(2)
deep_model = keras.Sequential([
    keras.Input(shape=(13,)),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(128, activation="relu"),
    layers.Dense(1),
])
deep_model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.MeanSquaredError())
predicted_train = deep_model.predict(X_train_std, verbose=0).flatten()
predicted_test = deep_model.predict(X_test_std, verbose=0).flatten()
deep_scores = {
    "train_mse": mean_squared_error(y_train, predicted_train),
    "train_mae": mean_absolute_error(y_train, predicted_train),
    "test_mse": mean_squared_error(y_test, predicted_test),
    "test_mae": mean_absolute_error(y_test, predicted_test),
}
score_table(deep=deep_scores)
