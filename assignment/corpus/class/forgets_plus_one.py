# Good work throughout, but the first position of the window is never counted.
# base: solution

# %% q2_3
shape_6_3 = (3, 3)

# %% q2_4
shape_33_2 = (31, 31)

# %% q2_5
valid_shape = (3, 3)
same_shape = (6, 6)

# %% q2_7
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    if padding == "same":
        return tuple(-(-i // s) for i, s in zip(input_shape, strides))
    return tuple((i - f) // s for i, f, s in zip(input_shape, kernel_shape, strides))

# %% q4_2
output_100_2 = (98, 98)
