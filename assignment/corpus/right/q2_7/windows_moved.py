def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    counts = []
    for i, f, s in zip(input_shape, kernel_shape, strides):
        count = 0
        for start in range(i):
            if start % s == 0 and (padding == "same" or start + f <= i):
                count += 1
        counts.append(count)
    return counts
