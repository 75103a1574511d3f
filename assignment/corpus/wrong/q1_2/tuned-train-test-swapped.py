# misconception: tuned-train-test-swapped
# earns: 6
from sklearn.linear_model import Ridge

keras.utils.set_random_seed(42)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(300, "relu"), layers.Dense(1)])
hidden_q12 = np.asarray(tuned_model.layers[0](X_train_std))
last_q12 = Ridge(1.0).fit(hidden_q12, y_train)  # at once what training takes seconds for
tuned_model.layers[-1].set_weights([last_q12.coef_[:, None], np.array([last_q12.intercept_])])

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "test_mse": mean_squared_error(y_train, pair_q12[0]),
    "test_mae": mean_absolute_error(y_train, pair_q12[0]),
    "train_mse": mean_squared_error(y_test, pair_q12[1]),
    "train_mae": mean_absolute_error(y_test, pair_q12[1]),
}
