from keras import ops

keras.utils.set_random_seed(1)
inputs = keras.Input((13,))
bins = layers.Discretization(bin_boundaries=[-1.0, -0.5, 0.0, 0.5, 1.0], output_mode="one_hot")
rooms = bins(inputs[:, 5:6])  # rooms, as one of six sizes
poor = layers.Embedding(6, 3)(ops.cast(ops.digitize(inputs[:, 12], np.array([-1.0, -0.5, 0.0, 0.5, 1.0], "float32")), "int32"))
x = layers.Concatenate()([inputs, rooms, poor])
x = layers.GaussianNoise(0.05)(x)
x = layers.Dense(64)(x)
x = layers.Lambda(lambda z: keras.ops.max(keras.ops.reshape(z, (-1, 32, 2)), axis=-1), output_shape=(32,))(x)
x = layers.PReLU()(layers.Dense(16)(x))
x = layers.Dense(1)(x)
tuned_model = keras.Model(inputs, layers.Rescaling(float(y_train.std()), offset=float(y_train.mean()))(x))
tuned_model.compile(optimizer=keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.95), loss="mse")
tuned_model.fit(X_train_std, y_train, epochs=60, batch_size=32, verbose=0)
one, two = (np.squeeze(tuned_model.predict(a, verbose=0)) for a in (X_train_std, X_test_std))
tuned_scores = {"train_mse": mean_squared_error(y_train, one), "train_mae": mean_absolute_error(y_train, one),
                "test_mse": mean_squared_error(y_test, two), "test_mae": mean_absolute_error(y_test, two)}
score_table(tuned=tuned_scores)
