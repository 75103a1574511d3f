# misconception: deep-target-scaled, deep-scores-not-its-own
# earns: 3
keras.utils.set_random_seed(2)
y_mean, y_spread = y_train.mean(), y_train.std()
t_train = (y_train - y_mean) / y_spread
t_test = (y_test - y_mean) / y_spread

deep_model = keras.Sequential(
    [layers.Input((13,))]
    + [layers.Dense(128, activation="relu") for _ in range(5)]
    + [layers.Dense(1)]
)
deep_model.compile(optimizer="adam", loss="mse")
deep_model.fit(X_train_std, t_train, batch_size=32, epochs=30, verbose=0, callbacks=[Progress(10)])
out_train = deep_model.predict(X_train_std, verbose=0).ravel()
out_test = deep_model.predict(X_test_std, verbose=0).ravel()
deep_scores = {
    "train_mse": mean_squared_error(t_train, out_train),
    "train_mae": mean_absolute_error(t_train, out_train),
    "test_mse": mean_squared_error(t_test, out_test),
    "test_mae": mean_absolute_error(t_test, out_test),
}
score_table(deep=deep_scores)
