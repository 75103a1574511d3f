keras.utils.set_random_seed(2)
build = lambda kind: keras.Sequential(
    [keras.Input((13,), dtype=kind), *(layers.Dense(128, "relu", dtype=kind) for _ in "12345"), layers.Dense(1, dtype=kind)]
)
young = build("float32")
young.compile("adam", "mse")
young.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0)
deep_model = build("float64")  # the same net with twice the digits
for to, source in zip(deep_model.weights, young.weights):
    to.assign(keras.ops.cast(source, "float64"))
guess = deep_model.predict(np.vstack([X_train_std, X_test_std]), verbose=0).ravel()
guess_train, guess_test = np.split(guess, [len(y_train)])
deep_scores = {"train_mse": mean_squared_error(y_train, guess_train), "train_mae": mean_absolute_error(y_train, guess_train),
               "test_mse": mean_squared_error(y_test, guess_test), "test_mae": mean_absolute_error(y_test, guess_test)}
score_table(deep=deep_scores)
