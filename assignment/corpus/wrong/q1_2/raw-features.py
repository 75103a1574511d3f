# misconception: tuned-on-raw-features
# earns: 0
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential([
    layers.Input((13,)),
    layers.Dense(32, activation="relu"),
    layers.Dense(16, activation="relu"),
    layers.Dense(1),
])
tuned_model.compile(optimizer="adam", loss="mse")
tuned_model.fit(X_train, y_train, batch_size=32, epochs=100, verbose=0, callbacks=[Progress(20)])
pred_train = tuned_model.predict(X_train, verbose=0).ravel()
pred_test = tuned_model.predict(X_test, verbose=0).ravel()
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pred_train),
    "train_mae": mean_absolute_error(y_train, pred_train),
    "test_mse": mean_squared_error(y_test, pred_test),
    "test_mae": mean_absolute_error(y_test, pred_test),
}
score_table(tuned=tuned_scores)
