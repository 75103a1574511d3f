# tries: double the number of its processes until the machine stands still
# earns: 1
# ends: crashed timeout graded
# reached: stopped after|was ended|ended by itself|_stop_thread
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
# %% q4_5
import os, time
until = time.time() + 6
while time.time() < until:
    try:
        os.fork()
    except OSError:
        pass
