keras.utils.set_random_seed(2)


def relu(z):
    return keras.ops.maximum(z, 0)


def hidden():
    return layers.Dense(128, activation=relu, kernel_initializer=keras.initializers.HeNormal(), bias_initializer="zeros")


start = layers.Input(batch_shape=(None, 13))
end = layers.Dense(1, activation="linear")(hidden()(hidden()(hidden()(hidden()(hidden()(start))))))
deep_model = keras.Model(start, end)
schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * 0.93**epoch)
deep_model.compile(loss=lambda truth, guess: keras.ops.mean(keras.ops.square(truth - guess), axis=-1), optimizer="adam")
deep_model.fit(X_train_std, y_train[:, np.newaxis], epochs=30, batch_size=32, verbose=0, callbacks=[schedule])


def scores(model):
    result = {}
    for key in "train", "test":
        X_, y_ = globals()[f"X_{key}_std"], globals()[f"y_{key}"]
        difference = np.squeeze(model.predict(X_, verbose=0)) - y_
        result[key + "_mse"] = np.mean(difference**2)
        result[key + "_mae"] = np.mean(np.abs(difference))
    return result


deep_scores = scores(deep_model)
score_table(deep=deep_scores)
