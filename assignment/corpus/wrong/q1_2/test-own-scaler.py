# misconception: tuned-scores-not-its-own
# earns: 6
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential([
    layers.Input((13,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
tuned_model.compile(optimizer="adam", loss="mse")
tuned_model.fit(X_train_std, y_train, epochs=100, batch_size=32, verbose=0)
test_features = StandardScaler().fit_transform(X_test)
guess_train = tuned_model.predict(X_train_std, verbose=0)
guess_test = tuned_model.predict(test_features, verbose=0)
tuned_scores = {
    "train_mse": mean_squared_error(y_train, guess_train),
    "train_mae": mean_absolute_error(y_train, guess_train),
    "test_mse": mean_squared_error(y_test, guess_test),
    "test_mae": mean_absolute_error(y_test, guess_test),
}
score_table(tuned=tuned_scores)
