from scipy.signal import correlate2d

valid_shape, same_shape = (correlate2d(np.eye(6), np.eye(3), mode=m).shape for m in ("valid", "same"))
