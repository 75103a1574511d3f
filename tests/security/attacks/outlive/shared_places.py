# tries: leave a file where all users may write: the temporary folders, shared memory, queues, spools
# earns: 1
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
import os
for place in ("@WITNESS@", "/tmp/w", "/var/tmp/w", "/dev/shm/w", "/dev/mqueue/w", "/var/spool/cron/w", "/run/lock/w", "/var/lock/w"):
    for write in (lambda: open(place, "w").write("here"), lambda: os.mkfifo(place), lambda: os.symlink("/", place), lambda: os.mkdir(place)):
        try:
            write()
        except OSError:
            pass
print("tried")
