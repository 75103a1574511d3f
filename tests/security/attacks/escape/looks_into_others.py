# tries: read and write the memory of other processes, take their descriptors, trace them, learn their environment
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes, os
from glob import glob
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
others = [int(p[6:]) for p in glob("/proc/[0-9]*") if int(p[6:]) != os.getpid()] or [1]
others.append(os.getppid())
for pid in {p for p in others if p}:
    for name in ("environ", "mem", "maps", "fd", "syscall", "stack", "auxv", "pagemap"):
        try:
            path = f"/proc/{pid}/{name}"
            os.listdir(path) if name == "fd" else open(path, "rb").read(1)
            shape_6_3 = (4, 4)
        except OSError:
            pass
    here = ctypes.create_string_buffer(8)
    ours = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 8)
    theirs = (ctypes.c_uint64 * 2)(0x400000, 8)
    if libc.process_vm_readv(pid, ours, 1, theirs, 1, 0) >= 0 or libc.ptrace(16, pid, 0, 0) == 0:
        shape_6_3 = (4, 4)
    held = libc.syscall(434, pid, 0)
    if held >= 0 and (libc.syscall(438, held, 3, 0) >= 0 or libc.syscall(424, held, 0, 0, 0) == 0):
        shape_6_3 = (4, 4)
print("tried")
