# Somebody who collects all answers in one cell of their own.

# %% end
from fractions import Fraction

response_meaning = {"filters": 32, "height": 26, "width": 26}
shape_6_3 = np.array([4, 4])
shape_33_2 = (np.int64(32), 32.0)
valid_shape, same_shape = (4, 4), (6, 6)
pooled_shape = [3, 3]
output_100_2 = (99, 99)
conv2_24_weights, conv2_24_params, second_conv2_24_weights = 96, 120, 2304

def same_padding(I, F, S):
    return Fraction((I - 1) * S + F - I, 2)

def conv_params(kernel_shape, in_channels, filters, bias=True):
    return (int(np.prod(kernel_shape)) * in_channels + bias) * filters
