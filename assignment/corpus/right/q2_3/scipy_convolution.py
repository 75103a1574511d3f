from scipy.signal import convolve2d

shape_6_3 = convolve2d(np.ones((6, 6)), np.ones((3, 3)), mode="valid").shape
