def max_pool(x, pool=2, stride=2):
    rows = (x.shape[0] - pool) // stride + 1
    columns = (x.shape[1] - pool) // stride + 1
    result = []
    for i in range(rows):
        row = []
        for j in range(columns):
            top, left = i * stride, j * stride
            row.append(x[top : top + pool, left : left + pool].max())
        result.append(row)
    return np.array(result)
