# misconception: tuned-never-trained, tuned-scores-of-the-line
# earns: 0
keras.utils.set_random_seed(42)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_scores = {"train_mse": 21.641, "train_mae": 3.315, "test_mse": 24.291, "test_mae": 3.189}
