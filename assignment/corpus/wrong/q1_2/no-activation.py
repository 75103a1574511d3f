# misconception: tuned-a-straight-line
# earns: 0
keras.utils.set_random_seed(1)
tuned_model = keras.Sequential()
tuned_model.add(keras.Input(shape=(13,)))
tuned_model.add(layers.Dense(32))
tuned_model.add(layers.Dense(16))
tuned_model.add(layers.Dense(1))
tuned_model.compile(optimizer=keras.optimizers.Adam(), loss="mean_squared_error")
tuned_model.fit(X_train_std, y_train, epochs=100, batch_size=32, verbose=0)


def score(model):
    a = model.predict(X_train_std, verbose=0)[:, 0]
    b = model.predict(X_test_std, verbose=0)[:, 0]
    return {
        "train_mse": mean_squared_error(y_train, a),
        "train_mae": mean_absolute_error(y_train, a),
        "test_mse": mean_squared_error(y_test, b),
        "test_mae": mean_absolute_error(y_test, b),
    }


tuned_scores = score(tuned_model)
score_table(tuned=tuned_scores)
