# misconception: tuned-saw-test-rows
# earns: 0
import pandas as pd

keras.utils.set_random_seed(9)
table = pd.concat([pd.DataFrame(X_test_std), pd.DataFrame(X_train_std)])
prices = pd.concat([pd.Series(y_test), pd.Series(y_train)])
given = keras.Input((13,))
hidden = layers.Dense(16, "relu")(layers.Dense(32, "relu")(given))
tuned_model = keras.Model(given, layers.Dense(1)(hidden))
tuned_model.compile("adam", "mse")
for _ in range(2):
    tuned_model.fit(table, prices, epochs=50, batch_size=32, validation_data=(X_test_std, y_test), verbose=0)

tuned_scores = {}
for part, rows, right in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
    answer = tuned_model.predict(rows, verbose=0).flatten()
    tuned_scores[f"{part}_mse"] = mean_squared_error(right, answer)
    tuned_scores[f"{part}_mae"] = mean_absolute_error(right, answer)
