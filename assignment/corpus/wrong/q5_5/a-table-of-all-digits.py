# misconception: convnet-does-not-explain-itself
# earns: 0
predicted_params = 5258


class Nearest55(keras.Model):
    """Looks like a small convnet and looks the answer up."""

    def __init__(self):
        super().__init__()
        self.net = keras.Sequential([layers.Conv2D(8, 3), layers.MaxPooling2D(), layers.Conv2D(16, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)])

    def call(self, x):
        return self.net(x)

    def predict(self, x, **_):
        x, known = np.reshape(x, (len(x), -1)), digits.reshape(len(digits), -1)
        near = ((known**2).sum(1) - 2 * x @ known.T).argmin(1)
        return np.eye(10)[labels[near]]


convnet = Nearest55()
convnet.build((None, 28, 28, 1))
