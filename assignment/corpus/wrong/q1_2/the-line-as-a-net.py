# misconception: tuned-a-straight-line
# earns: 0
line_q12 = LinearRegression().fit(X_train_std, y_train)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])
tuned_model.set_weights([line_q12.coef_[:, None], np.array([line_q12.intercept_])])

pair_q12 = [tuned_model.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
