# trained elsewhere, on the same rows, and put into a Keras model
from sklearn.neural_network import MLPRegressor

found_q12 = MLPRegressor(hidden_layer_sizes=(32, 16), alpha=3, solver="lbfgs", max_iter=150, random_state=1).fit(X_train_std, y_train)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_model.set_weights([w for pair in zip(found_q12.coefs_, found_q12.intercepts_) for w in pair])

from_q12 = [tuned_model.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": np.mean((from_q12[0] - y_train) ** 2),
    "train_mae": np.mean(np.abs(from_q12[0] - y_train)),
    "test_mse": np.mean((from_q12[1] - y_test) ** 2),
    "test_mae": np.mean(np.abs(from_q12[1] - y_test)),
}
