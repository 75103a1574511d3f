# tries: answer with one long text among many empty ones, which NumPy makes all as long: 40 GB
# earns: 2
# ends: graded
# reached: tried
# %% q2_3
import numpy as np
shape_6_3 = np.array(["x" * 100_000] + [""] * 99_000, dtype=object)
# %% q3_2
pooled_shape = (3, 3)
print("tried")
