# misconception: deep-scores-not-its-own
# earns: 5
keras.utils.set_random_seed(2)
deep_model = keras.Sequential(
    [keras.Input(shape=(13,))]
    + [layers.Dense(128, activation="relu") for _ in range(5)]
    + [layers.Dense(1)]
)
deep_model.compile(optimizer="adam", loss="mse")
train_in = StandardScaler().fit_transform(X_train)
test_in = StandardScaler().fit_transform(X_test)
deep_model.fit(train_in, y_train, epochs=30, batch_size=32, verbose=0)
deep_scores = {}
for part, features, targets in [("train", train_in, y_train), ("test", test_in, y_test)]:
    guess = deep_model.predict(features, verbose=0)[:, 0]
    deep_scores[f"{part}_mse"] = mean_squared_error(targets, guess)
    deep_scores[f"{part}_mae"] = mean_absolute_error(targets, guess)
score_table(deep=deep_scores)
