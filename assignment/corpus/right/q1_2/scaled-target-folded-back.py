# Learn the standardized price, then fold its mean and spread into the last layer,
# so that the finished net speaks in thousands of dollars again.
keras.utils.set_random_seed(1)
price_scaler = StandardScaler().fit(y_train[:, None])
z_train = price_scaler.transform(y_train[:, None])

workhorse = keras.Sequential([
    keras.Input((13,)),
    layers.GaussianNoise(0.05),
    layers.Dense(32, "relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
    layers.Dense(16, "relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
    layers.Dense(1),
])
workhorse.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse")
workhorse.fit(
    X_train_std, z_train, epochs=110, batch_size=32, verbose=0,
    callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=10, min_lr=3e-4)],
)

tuned_model = keras.Sequential.from_config(workhorse.get_config())
tuned_model.set_weights(workhorse.get_weights())
kernel, bias = tuned_model.layers[-1].get_weights()
spread, middle = price_scaler.scale_[0], price_scaler.mean_[0]
tuned_model.layers[-1].set_weights([kernel * spread, bias * spread + middle])
tuned_model.compile(optimizer="adam", loss="mse", metrics=["mae"])

tuned_scores = {
    f"{split}_{score.__name__.split('_')[0][0]}{''.join(w[0] for w in score.__name__.split('_')[1:])}":
        score(truth_, tuned_model.predict(rows_, verbose=0)[:, 0])
    for split, rows_, truth_ in (("train", X_train_std, y_train), ("test", X_test_std, y_test))
    for score in (mean_squared_error, mean_absolute_error)
}
score_table(tuned=tuned_scores)
