from collections import namedtuple

from scipy.signal import convolve2d

Response = namedtuple("Response", "height width maps")
shape_33_2 = Response(*convolve2d(np.zeros((33, 33)), np.ones((2, 2)), mode="valid").shape, maps=1)
shape_33_2
