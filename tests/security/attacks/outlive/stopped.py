# tries: leave processes behind that are stopped, and so cannot be asked to end
# earns: 1
# ends: graded
# reached: tried
# %% q2_3
shape_6_3 = (4, 4)
import os, signal, time
for number in range(5):
    if os.fork() == 0:
        os.setsid()
        while True:
            os.kill(os.getpid(), signal.SIGSTOP)
print("tried")
