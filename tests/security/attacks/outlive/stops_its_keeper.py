# tries: stop its keeper: its parent, or where that cannot be seen, the first process
# earns: 0
# ends: graded
# reached: tried|PermissionError|ProcessLookupError
# needs: isolation
# %% q2_3
import os, signal
os.kill(os.getppid() or 1, signal.SIGSTOP)
shape_6_3 = (4, 4)
os.kill(os.getppid() or 1, signal.SIGKILL)
print("tried")
