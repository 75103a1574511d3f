# misconception: prediction-of-another-net
# earns: 4
from sklearn.linear_model import Ridge

predicted_params = 5258
keras.utils.set_random_seed(79)
convnet = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(12, 3, strides=2, activation="relu"), layers.Conv2D(12, 3, strides=2, activation="relu"), layers.Flatten(), layers.Dense(10, "softmax")])
maps = np.asarray(keras.Model(convnet.inputs, convnet.layers[-2].output)(digits))
last = Ridge(1.0).fit(maps, np.eye(10)[labels])  # at once what training takes seconds for
convnet.layers[-1].set_weights([10 * last.coef_.T, 10 * last.intercept_])
