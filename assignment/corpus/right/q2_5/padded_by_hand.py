def shape_q25(picture):
    rows, columns = picture.shape
    return rows - 3 + 1, columns - 3 + 1


valid_shape = shape_q25(np.zeros((6, 6)))
same_shape = shape_q25(np.pad(np.zeros((6, 6)), 1))
