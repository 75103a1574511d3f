# tries: leave a process behind, by forking twice into a session of its own
# earns: 2
# ends: graded
# alone: gets through
# %% q2_3
shape_6_3 = (4, 4)
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        time.sleep(3)
        while True:
            try:
                open("@WITNESS@", "w").write("still here")
            except OSError:
                pass
            time.sleep(0.2)
    os._exit(0)
