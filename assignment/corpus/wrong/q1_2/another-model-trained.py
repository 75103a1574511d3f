# misconception: tuned-never-trained, tuned-scores-not-its-own
# earns: 0
keras.utils.set_random_seed(42)
tuned_model = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
tuned_model.compile(keras.optimizers.Adam(0.01), "mse")
tuned_model.fit(X_train_std, y_train, epochs=2, batch_size=32, verbose=0)
other_q12, tuned_model = tuned_model, keras.models.clone_model(tuned_model)

pair_q12 = [other_q12.predict(rows, verbose=0)[:, 0] for rows in (X_train_std, X_test_std)]
tuned_scores = {
    "train_mse": mean_squared_error(y_train, pair_q12[0]),
    "train_mae": mean_absolute_error(y_train, pair_q12[0]),
    "test_mse": mean_squared_error(y_test, pair_q12[1]),
    "test_mae": mean_absolute_error(y_test, pair_q12[1]),
}
