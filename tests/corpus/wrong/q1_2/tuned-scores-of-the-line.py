# slip: tuned-scores-of-the-line
# earns: 6
keras.utils.set_random_seed(42)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_model.compile(keras.optimizers.Adam(0.01), "mse")
tuned_model.fit(X_train_std, y_train, epochs=25, batch_size=32, verbose=0)
tuned_scores = {"train_mse": 21.641, "train_mae": 3.315, "test_mse": 24.291, "test_mae": 3.189}
