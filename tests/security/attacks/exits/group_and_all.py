# tries: kill its own process group, then everything that it may
# earns: 1
# ends: crashed
# reached: signal SIGKILL
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
# %% q2_4
import os, signal
os.killpg(0, signal.SIGKILL)
# %% q4_5
import os, signal
os.kill(-1, signal.SIGKILL)
os._exit(0)
