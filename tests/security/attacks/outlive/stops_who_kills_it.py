# tries: stop the process that becomes its user for a moment to kill it, so that the keeper waits for ever
# earns: 1
# ends: graded timeout
# reached: stopping
# needs: isolation
# %% q2_2
print("stopping")  # in a cell of its own: the next one may be stopped before it ends
# %% q2_3
shape_6_3 = (4, 4)
import os, signal, ctypes
if os.getuid() != 0 and os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        libc = ctypes.CDLL(None)
        kill = libc.kill
        while True:
            kill(-1, signal.SIGSTOP)
    os._exit(0)
