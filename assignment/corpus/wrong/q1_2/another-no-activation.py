# misconception: tuned-a-straight-line
# earns: 0
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential([
    keras.Input(shape=(13,)),
    layers.Dense(32),
    layers.Dense(16),
    layers.Dense(1),
])
tuned_model.compile(optimizer="adam", loss="mse")
tuned_model.fit(X_train_std, y_train, epochs=100, batch_size=32, verbose=0, callbacks=[Progress(20)])
p_train = tuned_model.predict(X_train_std, verbose=0)
p_test = tuned_model.predict(X_test_std, verbose=0)
tuned_scores = {
    "train_mse": mean_squared_error(y_train, p_train),
    "train_mae": mean_absolute_error(y_train, p_train),
    "test_mse": mean_squared_error(y_test, p_test),
    "test_mae": mean_absolute_error(y_test, p_test),
}
score_table(tuned=tuned_scores)
