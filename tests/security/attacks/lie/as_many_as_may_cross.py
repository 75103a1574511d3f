# tries: answer with exactly as many parts as may cross
# earns: 2
# ends: graded
# reached: tried
# %% q2_3
shape_6_3 = [1] * 99_999
# %% q3_2
pooled_shape = (3, 3)
print("tried")
