# The answers of the notebook that this lab grew out of. It earns the points of q2_3, q3_2 and
# q4_2, and loses those of q2_4, the `same` part of q2_5, the weights of q4_3, and q4_4.

# %% q2_2
response_meaning = {"height": 26, "width": 26, "filters": 32}

# %% q2_3
shape_6_3 = (4, 4)

# %% q2_4
shape_33_2 = (31, 31)

# %% q2_5
valid_shape = (4, 4)
same_shape = (4, 4)

# %% q3_2
pooled_shape = (3, 3)

# %% q4_2
output_100_2 = (99, 99)

# %% q4_3
conv2_24_weights = 2 * 2 * 1 * 24 * 24

# %% q4_4
def same_padding(I, F, S):
    return (S + F) / 2
