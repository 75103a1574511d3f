# misconception: none
# earns: 0
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    print((input_shape[0] - kernel_shape[0]) // strides[0] + 1)
