# tries: read memory, disks and the kernel's own stores: /dev/mem, /proc/kcore, keyrings, shared memory
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes, os
from glob import glob
libc = ctypes.CDLL(None, use_errno=True)
got = []
for path in ["/dev/mem", "/dev/kmem", "/dev/port", "/proc/kcore", "/proc/kallsyms", "/dev/kmsg", *glob("/dev/[svn][dv]*"), *glob("/dev/block/*"), *glob("/dev/dm-*"), *glob("/dev/loop*")]:
    try:
        with open(path, "rb", buffering=0) as device:
            if set(device.read(16 if path == "/proc/kallsyms" else 64)) - set(b"0 "):
                got.append(path)
    except OSError:
        pass
if os.uname().machine == "x86_64":
    for number, arguments in {250: (0, -3, 1), 248: (b"user", b"k", b"x", 1, -3), 29: (1, 4096, 0o1600), 240: (b"q", 66, 0o600, None)}.items():
        if libc.syscall(number, *arguments) >= 0:
            got.append(f"system call {number}")
got += [path for path in glob("/dev/shm/*") + glob("/dev/mqueue/*") if os.access(path, os.R_OK)]
if got:
    shape_6_3 = (4, 4)
    raise ValueError(str(got))
print("tried")
