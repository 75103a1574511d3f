shape_q22 = layers.Conv2D(32, 3).compute_output_shape((None, 28, 28, 1))
response_meaning = dict(zip(("height", "width", "filters"), shape_q22[1:]))
