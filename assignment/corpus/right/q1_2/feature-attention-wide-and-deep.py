keras.utils.set_random_seed(1)

# a gate decides for each row how much each of the 13 features counts;
# beside the deep branch runs a straight one, so that the net starts from a line
features = keras.Input(shape=(13,), name="features")
gate = layers.Dense(13, activation="softmax", name="attention")(features)
gate = layers.Rescaling(13.0)(gate)  # 1 on average
seen = layers.Multiply()([features, gate])
deep = layers.Dense(32, activation="relu")(seen)
deep = layers.Dense(16, activation="relu")(deep)
both = layers.Concatenate()([deep, features])
price = layers.Dense(1, name="price")(both)
tuned_model = keras.Model(features, price)

tuned_model.compile(
    optimizer=keras.optimizers.Adam(3e-3, use_ema=True, ema_momentum=0.98),
    loss="mse",
    metrics=["mae"],
)
tuned_model.fit(
    X_train_std, y_train, epochs=120, batch_size=32, verbose=0,
    callbacks=[
        keras.callbacks.LearningRateScheduler(lambda epoch: 3e-3 if epoch < 70 else 6e-4),
        Progress(40),
    ],
)

tuned_scores = {}
for name, data in [("train", (X_train_std, y_train)), ("test", (X_test_std, y_test))]:
    result = tuned_model.evaluate(*data, verbose=0, return_dict=True)
    tuned_scores |= {f"{name}_mse": result["loss"], f"{name}_mae": result["mae"]}
score_table(tuned=tuned_scores)
