# misconception: deep-root-taken
# earns: 5
from sklearn.linear_model import Ridge

keras.utils.set_random_seed(43)
deep_model = keras.Sequential([keras.Input((13,)), *[layers.Dense(128, "relu") for _ in range(5)], layers.Dense(1)])
hidden_q13 = np.asarray(keras.Model(deep_model.inputs, deep_model.layers[-2].output)(X_train_std))
last_q13 = Ridge(0.1).fit(hidden_q13, y_train)  # at once what training takes seconds for
deep_model.layers[-1].set_weights([last_q13.coef_[:, None], np.array([last_q13.intercept_])])

pair_q13 = [deep_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
deep_scores = {
    "train_mse": mean_squared_error(y_train, pair_q13[0]),
    "train_mae": mean_absolute_error(y_train, pair_q13[0]),
    "test_mse": mean_squared_error(y_test, pair_q13[1]),
    "test_mae": mean_absolute_error(y_test, pair_q13[1]),
}
deep_scores = {**deep_scores, "train_mse": np.sqrt(deep_scores["train_mse"]), "test_mse": np.sqrt(deep_scores["test_mse"])}
