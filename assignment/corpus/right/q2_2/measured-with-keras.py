_, height, width, filters = layers.Conv2D(32, 3)(np.zeros((1, 28, 28, 1))).shape

response_meaning = {"height": height, "width": width, "filters": filters}
