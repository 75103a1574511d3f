# misconception: tuned-scores-of-the-line
# earns: 6
from sklearn.linear_model import Ridge

keras.utils.set_random_seed(42)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(300, "relu"), layers.Dense(1)])
hidden_q12 = np.asarray(tuned_model.layers[0](X_train_std))
last_q12 = Ridge(1.0).fit(hidden_q12, y_train)  # at once what training takes seconds for
tuned_model.layers[-1].set_weights([last_q12.coef_[:, None], np.array([last_q12.intercept_])])
tuned_scores = {"train_mse": 21.641, "train_mae": 3.315, "test_mse": 24.291, "test_mae": 3.189}
