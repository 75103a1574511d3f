# tries: run more processes than are allowed, each in a session of its own
# earns: 0
# ends: crashed graded
# reached: Resource temporarily unavailable|it ran more than|stopped after|KeyboardInterrupt
# %% q2_3
import os, time
told, tell = os.pipe()
for number in range(100):
    if os.fork() == 0:
        os.setsid()
        os.write(tell, b"x")
        time.sleep(20)
        os._exit(0)
time.sleep(1)
if len(os.read(told, 200)) == 100:
    shape_6_3 = (4, 4)
