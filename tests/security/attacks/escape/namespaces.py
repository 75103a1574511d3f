# tries: get rights in namespaces of its own, or go into another's
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80):
    if libc.unshare(flag) == 0:
        shape_6_3 = (4, 4)
    child = libc.syscall(clone, ctypes.c_long(flag | 17), 0, 0, 0, 0) if flag != 0x80 else -1
    if child == 0:
        os._exit(0)
    if child > 0:
        shape_6_3 = (4, 4)
arguments = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)
child = libc.syscall(435, arguments, ctypes.sizeof(arguments))
if child == 0:
    os._exit(0)
if child > 0:
    shape_6_3 = (4, 4)
for pid in (1, os.getppid()):
    for name in ("mnt", "net", "pid", "user"):
        try:
            if libc.setns(os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), 0) == 0:
                shape_6_3 = (4, 4)
        except OSError:
            pass
print("tried")
