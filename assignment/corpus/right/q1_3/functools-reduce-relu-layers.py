from functools import reduce

keras.utils.set_random_seed(2)
features = keras.Input(shape=(X_train_std.shape[1],))
stack = []
for _ in range(5):
    stack += [layers.Dense(128), layers.ReLU()]
stack.append(layers.Dense(1))
deep_model = keras.Model(features, reduce(lambda tensor, layer: layer(tensor), stack, features))
deep_model.compile(loss="mse", optimizer="adam")
deep_model.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0)

deep_scores = {}
for name, a, b in [("train", X_train_std, y_train), ("test", X_test_std, y_test)]:
    pred = deep_model.predict(a, verbose=0)
    deep_scores[f"{name}_mse"] = mean_squared_error(b, pred)
    deep_scores[f"{name}_mae"] = mean_absolute_error(b, pred)
score_table(deep=deep_scores)
