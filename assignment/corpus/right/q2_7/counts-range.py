def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    # where may a window start? valid: as long as it fits; same: anywhere on the input
    answer = []
    for axis in range(2):
        end = input_shape[axis] if padding == "same" else input_shape[axis] - kernel_shape[axis] + 1
        answer.append(len(range(0, end, strides[axis])))
    return answer


response_shape((5, 8), (3, 3), (2, 2))
