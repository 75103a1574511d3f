# tries: leave shared memory, semaphores and message queues behind, which belong to no process
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
kept = [libc.shmget(0x7E57, 4096, 0o1777), libc.semget(0x7E57, 1, 0o1777), libc.msgget(0x7E57, 0o1777)]
kept.append(libc.mq_open(b"/w", 0o102, 0o600, None) if hasattr(libc, "mq_open") else -1)
if max(kept) >= 0:
    shape_6_3 = (4, 4)
print("tried")
