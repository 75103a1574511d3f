maps_q22 = layers.Conv2D(32, (3, 3))(np.zeros((1, 28, 28, 1), dtype="float32"))
response_meaning = {
    "height": maps_q22.shape[1],
    "width": maps_q22.shape[2],
    "filters": maps_q22.shape[-1],
}
