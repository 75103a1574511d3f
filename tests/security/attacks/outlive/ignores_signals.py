# tries: leave a process behind that ignores every signal which can be ignored
# earns: 1
# ends: graded
# reached: tried
# %% q2_3
shape_6_3 = (4, 4)
import os, signal, time
if os.fork() == 0:
    os.setpgid(0, 0)
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        time.sleep(1)
print("tried")
