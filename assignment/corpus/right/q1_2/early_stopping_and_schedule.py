keras.utils.set_random_seed(24)
tuned_model = keras.Sequential([layers.Dense(64, "elu"), layers.Dense(32, "relu", kernel_regularizer="l2"), layers.Dense(1)])
tuned_model.compile(keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(0.01, 420)), "mse", metrics=["mae"])
tuned_model.fit(
    X_train_std, y_train, validation_split=0.1, epochs=36, batch_size=32, verbose=0,
    callbacks=[keras.callbacks.EarlyStopping(patience=15, restore_best_weights=True)],
)
tuned_scores = {}
for part_q12, rows_q12, truth_q12 in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
    mse_q12, mae_q12 = tuned_model.evaluate(rows_q12, truth_q12, verbose=0)[:2]
    penalty_q12 = float(sum(tuned_model.losses))  # evaluate adds it to the loss
    tuned_scores |= {f"{part_q12}_mse": mse_q12 - penalty_q12, f"{part_q12}_mae": mae_q12}
