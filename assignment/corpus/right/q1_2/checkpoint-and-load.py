import tempfile
from pathlib import Path

keras.utils.set_random_seed(1)
folder = Path(tempfile.mkdtemp())
best = folder / "best.keras"

net = keras.Sequential(name="tuned")
net.add(keras.Input(shape=(13,)))
for units in (64, 32, 16):
    net.add(layers.Dense(units, activation="relu"))
net.add(layers.Dense(1))
net.compile(optimizer="adam", loss="mse", metrics=["mae"])
net.fit(
    X_train_std, y_train, validation_split=0.1, epochs=60, batch_size=32, verbose=0,
    callbacks=[
        keras.callbacks.ModelCheckpoint(best, monitor="val_loss", save_best_only=True),
        keras.callbacks.EarlyStopping("val_loss", patience=15),
    ],
)
tuned_model = keras.saving.load_model(best)

tuned_scores = {}
for part, a, b in [("train", X_train_std, y_train), ("test", X_test_std, y_test)]:
    results = tuned_model.evaluate(a, b, verbose=0, return_dict=True)
    tuned_scores[part + "_mse"] = results["loss"]
    tuned_scores[part + "_mae"] = results["mae"]
score_table(tuned=tuned_scores)
