def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    result = []
    for i, f, s in zip(input_shape, kernel_shape, strides):
        whole, rest = divmod(i, s) if padding == "same" else divmod(i - f, s)
        result.append(whole + 1 if padding == "valid" or rest else whole)
    return tuple(result)
