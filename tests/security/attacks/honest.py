# earns: 8
# the honest student among the attackers: answers that are to stay private, and points to keep
# %% q2_3
shape_6_3 = (4, 4)
secret = "@CANARY@"
# %% q3_2
pooled_shape = (3, 3)
# %% q4_5
def conv_params(kernel_shape, in_channels, filters, bias=True):
    return kernel_shape[0] * kernel_shape[1] * in_channels * filters + bias * filters
