# tries: raise its own limits, be scheduled before others and be spared when memory is short
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes, os, resource
def more(what):
    soft, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(what, (hard + 1, hard + 1))
        raise SystemExit
def spared():
    os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"0")
def first():
    os.setpriority(os.PRIO_PROCESS, 0, -1)
def real_time():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
def core():
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
names = ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "MEMLOCK", "RTPRIO", "NICE")
ways = [lambda name=name: more(getattr(resource, "RLIMIT_" + name)) for name in names]
won = []
for way in [*ways, spared, first, real_time, core]:
    try:
        way()
        if way in (spared, first, real_time, core):
            won.append(way.__name__)
    except SystemExit:
        won.append("limit")
    except (OSError, ValueError):
        pass
if won:
    shape_6_3 = (4, 4)
    raise ValueError(won)
print("tried")
