# misconception: tuned-saw-test-rows
# earns: 0
from sklearn.neural_network import MLPRegressor

all_q12 = MLPRegressor(hidden_layer_sizes=(32, 16), solver="lbfgs", max_iter=300, random_state=3).fit(scaler.transform(X), y)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_model.set_weights([w for pair_q12 in zip(all_q12.coefs_, all_q12.intercepts_) for w in pair_q12])

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
