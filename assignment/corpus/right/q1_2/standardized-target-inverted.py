keras.utils.set_random_seed(1)

# the net learns the standardized price; an inverted Normalization layer turns it back into 1000 $
back = layers.Normalization(axis=None, invert=True, name="to_dollars")
back.adapt(y_train)

inputs = keras.Input(shape=(13,), dtype="float32")
h = layers.Normalization(mean=np.zeros(13), variance=np.ones(13))(inputs)
h = layers.Dense(32, "relu")(h)
h = layers.Dense(16, "relu")(h)
standard_price = layers.Dense(1)(h)

learner = keras.Model(inputs, standard_price)
learner.compile(optimizer="adam", loss="mse")
learner.fit(X_train_std, (y_train - y_train.mean()) / y_train.std(), epochs=100, batch_size=32, verbose=0)

tuned_model = keras.Model(inputs, back(standard_price))
tuned_scores = {
    f"{which}_{name}": function(target, tuned_model.predict(data, verbose=0))
    for which, data, target in [("train", X_train_std, y_train), ("test", X_test_std, y_test)]
    for name, function in [("mse", mean_squared_error), ("mae", mean_absolute_error)]
}
score_table(tuned=tuned_scores)
