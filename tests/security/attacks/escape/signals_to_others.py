# tries: interrupt every process that it may signal and that is not its own
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import os, signal
for pid in [os.getppid(), *range(1, 70000)]:
    if pid > 1 and pid != os.getpid() or pid == 1:
        try:
            os.kill(pid, 0)
        except OSError:
            continue
        if os.getpgid(pid) != os.getpgid(0) and pid:
            shape_6_3 = (4, 4)
print("tried")
