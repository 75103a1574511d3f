keras.utils.set_random_seed(1)


def member(seed):
    net = keras.Sequential(
        [
            keras.Input((13,)),
            layers.Dense(32, activation="relu", kernel_initializer=keras.initializers.HeNormal(seed)),
            layers.Dense(16, activation="relu", kernel_initializer=keras.initializers.HeNormal(seed + 50)),
            layers.Dense(1),
        ],
        name=f"member_{seed}",
    )
    net.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
    net.fit(X_train_std, y_train, epochs=60, batch_size=32, verbose=0)
    return net


members = [member(seed) for seed in (1, 2, 3)]
rows = keras.Input((13,), name="features")
tuned_model = keras.Model(rows, layers.Average()([net(rows) for net in members]), name="committee")

tuned_scores = {}
for part, features, truth in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
    guess = tuned_model.predict(features, verbose=0)[:, 0]
    tuned_scores[f"{part}_mse"] = mean_squared_error(truth, guess)
    tuned_scores[f"{part}_mae"] = mean_absolute_error(truth, guess)
score_table(tuned=tuned_scores)
