# One cell raises, one answer was deleted, one function never ends; the rest counts.
# base: solution

# %% q3_3
def max_pool(x, pool=2, stride=2):
    return x[::stride, ::stride]

pooled = max_pool(photo)

# %% q4_2
# I will come back to this one

# %% q5_3
weights_one_8x8 = 64
weights_four_2x2 = 16

def receptive_field(kernels):
    field, layer = 1, 0
    while layer < len(kernels):
        field += kernels[layer] - 1
    return field

layers_2x2_to_see_8x8 = 7
