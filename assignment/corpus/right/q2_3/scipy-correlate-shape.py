from scipy.signal import correlate2d

shape_6_3 = correlate2d(np.zeros((6, 6)), np.ones((3, 3)), mode="valid").shape
