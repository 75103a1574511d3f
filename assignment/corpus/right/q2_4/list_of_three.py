shape_33_2 = list(layers.Conv2D(1, 2)(np.zeros((1, 33, 33, 1))).shape)[1:]
