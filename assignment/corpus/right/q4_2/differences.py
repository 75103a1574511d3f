output_100_2 = np.diff(np.diff(np.zeros((100, 100)), axis=0), axis=1).shape
