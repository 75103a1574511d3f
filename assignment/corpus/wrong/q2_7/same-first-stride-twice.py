# misconception: one-stride-for-both-partly
# earns: 3
response_shape = lambda input_shape, kernel_shape, strides=(1, 1), padding="valid": (
    ((input_shape[0] - kernel_shape[0]) // strides[0] + 1,
     (input_shape[1] - kernel_shape[1]) // strides[1] + 1)
    if padding == "valid"
    else (-(-input_shape[0] // strides[0]), -(-input_shape[1] // strides[0]))
)


response_shape((5, 8), (3, 3), (2, 2))
