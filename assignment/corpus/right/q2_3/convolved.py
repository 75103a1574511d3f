shape_6_3 = np.lib.stride_tricks.sliding_window_view(np.zeros((6, 6)), (3, 3)).shape[:2]
