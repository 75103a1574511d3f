from numpy.lib.stride_tricks import sliding_window_view

shape_6_3 = sliding_window_view(np.empty((6, 6)), (3, 3)).shape[:2]
shape_6_3
