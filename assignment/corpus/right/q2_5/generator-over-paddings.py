valid_shape, same_shape = (
    tuple((6 + zeros - 3) // 1 + 1 for side in ("height", "width")) for zeros in (0, 3 - 1)
)
