# a layer with that response, asked for its own numbers
some_layer = layers.Conv2D(32, (3, 3))
_, *maps, filters = some_layer.compute_output_shape((None, 28, 28, 1))
assert (*maps, filters) == (26, 26, 32) and filters == some_layer.filters
height, width = maps

response_meaning = {"height": height, "width": width, "filters": filters}
