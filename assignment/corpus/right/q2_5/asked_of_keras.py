picture_q25 = np.zeros((1, 6, 6, 1))
valid_shape, same_shape = (
    tuple(layers.Conv2D(1, (3, 3), padding=p)(picture_q25).shape[1:3]) for p in ("valid", "same")
)
