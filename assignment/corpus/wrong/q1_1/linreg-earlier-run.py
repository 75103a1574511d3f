# misconception: linreg-earlier-run
# earns: 0
linreg_scores = {"train_mse": 21.4733, "train_mae": 3.3258, "test_mse": 22.04, "test_mae": 3.2}
