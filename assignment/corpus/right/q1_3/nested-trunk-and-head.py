keras.utils.set_random_seed(2)
trunk = keras.Sequential([layers.Dense(128, activation="relu") for _ in range(5)], name="trunk")
head = keras.Sequential([layers.Dense(1)], name="head")
deep_model = keras.Sequential([keras.Input((13,)), trunk, head])
deep_model.compile(optimizer=keras.optimizers.AdamW(1e-3, weight_decay=1e-3, clipnorm=50.0), loss="mse")
deep_model.fit(
    X_train_std, y_train, epochs=30, batch_size=32, verbose=0,
    callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=4, factor=0.5)],
)
y_hat_train, y_hat_test = map(lambda data: deep_model.predict(data, verbose=0).ravel(), (X_train_std, X_test_std))
deep_scores = {
    "train_mse": mean_squared_error(y_train, y_hat_train), "train_mae": mean_absolute_error(y_train, y_hat_train),
    "test_mse": mean_squared_error(y_test, y_hat_test), "test_mae": mean_absolute_error(y_test, y_hat_test),
}
score_table(deep=deep_scores)
