# misconception: stride-defaults-to-window
# earns: 3
def max_pool(x, pool=2, stride=None):
    """The maxima of windows; like Keras, side by side unless a stride is given."""
    step = pool if stride is None else stride
    tops = range(0, x.shape[0] - pool + 1, step)
    lefts = range(0, x.shape[1] - pool + 1, step)
    return np.array([[np.max(x[i : i + pool, j : j + pool]) for j in lefts] for i in tops])
