from keras import ops

keras.utils.set_random_seed(1)
x = keras.Input((13,), name="rows")
rooms, status = x[:, 5:6], x[:, -1:]
extra = ops.concatenate([x, rooms * status, rooms**2, ops.abs(status)], axis=1)

wide = layers.Dense(1, use_bias=False, kernel_regularizer=keras.regularizers.L2(1e-3))(extra)
deep = layers.Dense(32, activation="relu")(extra)
deep = layers.Dense(16, activation="relu")(deep)
price = layers.Dense(1)(deep) + wide + 22.5

tuned_model = keras.Model(x, price)
tuned_model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mean_squared_error")
tuned_model.fit(x=X_train_std, y=y_train, batch_size=32, epochs=100, verbose=0)

guess_train = tuned_model.predict(X_train_std, batch_size=404, verbose=0).flatten()
guess_test = tuned_model.predict(X_test_std, batch_size=102, verbose=0).flatten()
tuned_scores = {"train_mse": np.square(guess_train - y_train).mean(), "train_mae": np.abs(guess_train - y_train).mean(),
                "test_mse": np.square(guess_test - y_test).mean(), "test_mae": np.abs(guess_test - y_test).mean()}
score_table(tuned=tuned_scores)
