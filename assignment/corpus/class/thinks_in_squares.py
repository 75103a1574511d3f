# Every formula is right as long as height and width are equal, and there is one channel.

# %% q2_2
response_meaning = {"height": 26, "width": 26, "filters": 32}

# %% q2_3
shape_6_3 = [4, 4]

# %% q2_4
shape_33_2 = (32, 32, 1)

# %% q2_5
valid_shape = (4, 4)
same_shape = (6, 6)

# %% q2_7
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    i, f, s = input_shape[0], kernel_shape[0], strides[0]
    o = -(-i // s) if padding == "same" else (i - f) // s + 1
    return (o, o)

# %% q3_2
pooled_shape = (3, 3)

# %% q3_3
def max_pool(x, pool=2, stride=2):
    n = (len(x) - pool) // stride + 1
    out = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            out[r, c] = x[r * stride : r * stride + pool, c * stride : c * stride + pool].max()
    return out

# %% q4_2
output_100_2 = (99, 99)

# %% q4_3
conv2_24_weights = 96
conv2_24_params = 120
second_conv2_24_weights = 96

# %% q4_4
def same_padding(I, F, S):
    return (F - 1) / 2

# %% q4_5
def conv_params(kernel_shape, in_channels, filters, bias=True):
    return kernel_shape[0] ** 2 * filters + (filters if bias else 0)
