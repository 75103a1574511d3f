# tries: use the processor in processes that have ended before anyone adds up what they used
# earns: 1
# ends: graded crashed timeout
# reached: KeyboardInterrupt|stopped after|was ended
# %% q2_3
shape_6_3 = (4, 4)
# %% q4_5
import os, time
until = time.monotonic() + 5
while time.monotonic() < until:
    for number in range(8):
        if os.fork() == 0:
            if os.fork() == 0:
                end = time.process_time() + 0.02
                while time.process_time() < end:
                    pass
            os._exit(0)
        os.wait()
