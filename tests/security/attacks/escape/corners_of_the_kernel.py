# tries: reach the parts of the kernel that hold most of its holes
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
x86 = os.uname().machine == "x86_64"
room = ctypes.create_string_buffer(256)
room[0], room[4] = 1, 128
calls = {
    "bpf": (321 if x86 else 280, 0, room, 72), "perf_event_open": (298 if x86 else 241, room, 0, -1, -1, 0),
    "userfaultfd": (323 if x86 else 282, 1), "keyctl": (250 if x86 else 219, 0, -3, 1),
    "add_key": (248 if x86 else 217, b"user", b"w", b"w", 1, -3), "fanotify": (300 if x86 else 262, 0, 0),
    "io_uring": (425, 4, ctypes.create_string_buffer(256)), "syslog": (103 if x86 else 116, 3, room, 200),
    "memfd_secret": (447, 0), "kcmp": (312 if x86 else 272, os.getpid(), 1, 0, 0, 0),
    "modify_ldt": (154 if x86 else -1, 0, room, 8), "iopl": (172 if x86 else -1, 0),
    "swapoff": (168 if x86 else 225, b"w"), "acct": (163 if x86 else 89, None),
}
won = [name for name, (number, *rest) in calls.items() if libc.syscall(ctypes.c_long(number), *rest) >= 0]
if won:
    shape_6_3 = (4, 4)
    raise ValueError(won)
print("tried")
