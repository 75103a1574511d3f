keras.utils.set_random_seed(2)
deep_model = keras.Sequential(
    [keras.Input((13,))]
    + [layers.Dense(128, activation="relu", kernel_initializer="he_uniform") for _ in range(5)]
    + [layers.Dense(1)]
)
center, spread = y_train.mean(), y_train.std()
deep_model.compile(optimizer=keras.optimizers.Adam(5e-4), loss=keras.losses.Huber())
deep_model.fit(X_train_std, (y_train - center) / spread, batch_size=16, epochs=30, verbose=0)

# the net now gives standardized prices; put the scale into the weights of the output layer
kernel, bias = deep_model.layers[-1].get_weights()
deep_model.layers[-1].set_weights([kernel * spread, bias * spread + center])

error_train = deep_model.predict(X_train_std, verbose=0)[:, 0] - y_train
error_test = deep_model.predict(X_test_std, verbose=0)[:, 0] - y_test
deep_scores = {
    "train_mse": (error_train**2).mean(),
    "train_mae": abs(error_train).mean(),
    "test_mse": (error_test**2).mean(),
    "test_mae": abs(error_test).mean(),
}
score_table(deep=deep_scores)
