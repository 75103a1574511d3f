# tries: leave a process behind, in mode uid, whose name is not text, so that listing processes fails
# earns: 1
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
import ctypes, os, time
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(15, b"\xff\xfe\xff", 0, 0, 0)
    if os.fork() == 0:
        until = time.time() + 60
        while time.time() < until:
            try:
                open("@WITNESS@", "w").write("still here")
            except OSError:
                pass
            time.sleep(0.2)
    os._exit(0)
time.sleep(0.3)
print("tried")
