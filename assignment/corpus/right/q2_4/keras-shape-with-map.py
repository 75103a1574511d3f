shape_33_2 = tuple(layers.Conv2D(filters=1, kernel_size=(2, 2)).compute_output_shape((None, 33, 33, 1)))[1:]
