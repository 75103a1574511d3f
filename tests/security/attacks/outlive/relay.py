# tries: outrun the killer: each process lives for a moment and hands on to the next
# earns: 1
# ends: graded crashed timeout
# reached: tried
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
import os, time
if os.fork() == 0:
    until = time.time() + 60
    while time.time() < until:
        os.setsid()
        if os.fork():
            os._exit(0)
    os._exit(0)
print("tried")
