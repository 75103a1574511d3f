import tempfile

keras.utils.set_random_seed(2)
blueprint = keras.Sequential(name="deep")
blueprint.add(keras.Input((13,)))
for number in range(1, 6):
    blueprint.add(layers.Dense(128, activation=keras.activations.relu, name=f"hidden{number}"))
blueprint.add(layers.Dense(1, activation=None, name="output"))
blueprint.compile("adam", "mse")
blueprint.fit(X_train_std, y_train, epochs=30, batch_size=32, verbose=0)

with tempfile.TemporaryDirectory() as folder:
    blueprint.save_weights(f"{folder}/deep.weights.h5")
    deep_model = keras.models.model_from_json(blueprint.to_json())
    deep_model.load_weights(f"{folder}/deep.weights.h5")

predictions = pd.DataFrame({"train": pd.Series(deep_model.predict(X_train_std, verbose=0)[:, 0] - y_train),
                            "test": pd.Series(deep_model.predict(X_test_std, verbose=0)[:, 0] - y_test)})
deep_scores = {**predictions.pow(2).mean().add_suffix("_mse").to_dict(), **predictions.abs().mean().add_suffix("_mae").to_dict()}
score_table(deep=deep_scores)
