# misconception: deep-never-trained, deep-scores-of-the-line
# earns: 3
keras.utils.set_random_seed(43)
deep_model = keras.Sequential([keras.Input((13,)), *[layers.Dense(128, "relu") for _ in range(5)], layers.Dense(1)])
deep_scores = {"train_mse": 21.641, "train_mae": 3.315, "test_mse": 24.291, "test_mae": 3.189}
