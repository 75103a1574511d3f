# slip: deep-scores-not-its-own
# earns: 5
keras.utils.set_random_seed(43)
deep_model = keras.Sequential([keras.Input((13,)), *[layers.Dense(128, "relu") for _ in range(5)], layers.Dense(1)])
deep_model.compile(keras.optimizers.Adam(0.001), "mse")
deep_model.fit(X_train_std, y_train, epochs=12, batch_size=32, verbose=0)
deep_scores = {"train_mse": 9.66, "train_mae": 2.43, "test_mse": 13.84, "test_mae": 2.7}
