keras.utils.set_random_seed(1)


class AverageWeights(keras.callbacks.Callback):
    """Keeps the running mean of the weights over the last epochs (stochastic weight averaging)."""

    def __init__(self, start):
        super().__init__()
        self.start, self.seen, self.mean = start, 0, None

    def on_epoch_end(self, epoch, logs=None):
        if epoch < self.start:
            return
        now = self.model.get_weights()
        self.seen += 1
        if self.mean is None:
            self.mean = now
        else:
            self.mean = [m + (w - m) / self.seen for m, w in zip(self.mean, now)]


student_net = keras.Sequential([keras.Input((13,)), layers.Dense(32, "relu"), layers.Dense(16, "relu"), layers.Dense(1)])
student_net.compile(keras.optimizers.Adam(3e-3), "mse")
averager = AverageWeights(60)
student_net.fit(X_train_std, y_train, batch_size=32, epochs=100, verbose=0, callbacks=[averager])

tuned_model = keras.models.clone_model(student_net)
tuned_model.set_weights(averager.mean)

fit_train = np.ravel(tuned_model(X_train_std))
fit_test = np.ravel(tuned_model(X_test_std))
tuned_scores = {
    "train_mse": np.average((y_train - fit_train) ** 2),
    "train_mae": np.average(np.abs(y_train - fit_train)),
    "test_mse": np.average((y_test - fit_test) ** 2),
    "test_mae": np.average(np.abs(y_test - fit_test)),
}
score_table(tuned=tuned_scores)
