# tries: answer with lists in lists, exactly as deep as may cross
# earns: 2
# ends: graded
# reached: tried
# %% q2_3
shape_6_3 = 1
for _ in range(24):
    shape_6_3 = [shape_6_3]
# %% q3_2
pooled_shape = (3, 3)
print("tried")
