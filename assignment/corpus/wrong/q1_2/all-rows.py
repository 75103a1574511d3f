# misconception: tuned-saw-test-rows
# earns: 0
keras.utils.set_random_seed(1)
X_std = scaler.transform(X)
tuned_model = keras.Sequential([
    layers.Input(shape=(13,)),
    layers.Dense(64, activation="relu"),
    layers.Dense(32, activation="relu"),
    layers.Dense(1),
])
tuned_model.compile(optimizer="adam", loss="mse")
tuned_model.fit(X_std, y, batch_size=32, epochs=300, verbose=0, callbacks=[Progress(50)])
train_hat = tuned_model.predict(X_train_std, verbose=0).flatten()
test_hat = tuned_model.predict(X_test_std, verbose=0).flatten()
tuned_scores = dict(
    train_mse=mean_squared_error(y_train, train_hat),
    train_mae=mean_absolute_error(y_train, train_hat),
    test_mse=mean_squared_error(y_test, test_hat),
    test_mae=mean_absolute_error(y_test, test_hat),
)
score_table(tuned=tuned_scores)
