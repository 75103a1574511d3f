# tries: die of a different signal in each of four cells, as many as a notebook may be started again
# earns: 1
# ends: crashed
# reached: signal SIGALRM
# %% q1_2
import os, signal
os.kill(os.getpid(), signal.SIGSEGV)
# %% q2_3
shape_6_3 = (4, 4)
# %% q2_4
import os, signal
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()
# %% q4_5
import os, signal
os.kill(os.getpid(), signal.SIGBUS)
