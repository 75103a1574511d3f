# tries: send a signal to the process that watches over this one
# earns: 0
# ends: graded
# reached: tried|PermissionError|ProcessLookupError
# needs: isolation
# %% q2_3
import os, signal
if os.getppid() > 0:  # 0: it is in another namespace
    os.kill(os.getppid(), signal.SIGCONT)
    shape_6_3 = (4, 4)
print("tried")
