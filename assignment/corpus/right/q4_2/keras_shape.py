output_100_2 = layers.Conv2D(1, 2).compute_output_shape((1, 100, 100, 1))[1:-1]
