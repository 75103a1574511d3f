from functools import reduce

keras.utils.set_random_seed(2)

entrance = keras.Input(shape=(X_train_std.shape[1],))
exit_ = layers.Dense(1, activation=None)(
    reduce(lambda tensor, _: layers.ReLU()(layers.Dense(128, kernel_initializer="he_uniform")(tensor)),
           range(5), entrance)
)
deep_model = keras.Model(inputs=entrance, outputs=exit_)


def one_cycle(epoch, rate, top=2e-3, total=30):
    up = total * 0.3
    return top * (epoch + 1) / up if epoch < up else top * (total - epoch) / (total - up)


deep_model.compile(optimizer=keras.optimizers.RMSprop(), loss=keras.losses.Huber(delta=10.0))
deep_model.fit(
    X_train_std, y_train, epochs=30, batch_size=16, verbose=0,
    callbacks=[keras.callbacks.LearningRateScheduler(one_cycle)],
)

scorers = {"mse": mean_squared_error, "mae": mean_absolute_error}
parts = {"train": (X_train_std, y_train), "test": (X_test_std, y_test)}
deep_scores = {
    f"{part}_{name}": float(scorer(t, deep_model(x, training=False).numpy().ravel()))
    for part, (x, t) in parts.items()
    for name, scorer in scorers.items()
}
score_table(deep=deep_scores)
