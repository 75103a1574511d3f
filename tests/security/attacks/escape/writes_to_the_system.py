# tries: write to files that the kernel, the system's programs or other users' Python read
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import os, site, sys
places = ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory",
          "/etc/ld.so.preload", "/etc/passwd", "/root/.bashrc", "/sys/fs/cgroup/cgroup.procs", "/sys/kernel/uevent_helper",
          "/usr/bin/x", "/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/ptmx", "/x", "/proc/1/oom_score_adj",
          *(os.path.join(p, "x.pth") for p in site.getsitepackages()), os.path.join(os.path.dirname(os.__file__), "x.py")]
won = []
for place in places:
    there = os.path.exists(place)
    try:
        os.close(os.open(place, os.O_WRONLY | (0 if there else os.O_CREAT)))
        won.append(place)
        if not there:
            os.remove(place)
    except OSError:
        pass
if won:
    shape_6_3 = (4, 4)
    raise ValueError(won)
print("tried")
