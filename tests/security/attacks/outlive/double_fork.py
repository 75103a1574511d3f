# tries: leave a process behind, by forking twice into a session of its own
# earns: 1
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
import os, time
child = os.fork()
if child == 0:
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
os.waitpid(child, 0)  # then the grandchild is out of this session, however busy the machine is
print("tried")
