# tries: keep memory after unmapping it: of each page of 2 MB, one byte still waits in a pipe
# earns: 0
# ends: crashed graded
# reached: AssertionError|ValueError|more than 700 MB
# needs: isolation
# %% q2_3
import ctypes, mmap, os, time
libc = ctypes.CDLL(None, use_errno=True)
LARGE = 2**21
def free():
    return next(int(line.split()[1]) / 1e6 for line in open("/proc/meminfo") if line.startswith("MemAvailable"))
before, kept = free(), []
for _ in range(60):
    kept.append(os.pipe())
    for slot in range(12):
        area = mmap.mmap(-1, 2 * LARGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        area.madvise(14)  # MADV_HUGEPAGE
        start = ctypes.addressof(ctypes.c_char.from_buffer(area))
        at = -start % LARGE
        area[at] = 1
        vector = (ctypes.c_uint64 * 2)(start + at, 1)
        assert libc.vmsplice(kept[-1][1], vector, ctypes.c_size_t(1), 2) == 1
        libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(2 * LARGE), 4)  # MADV_DONTNEED
time.sleep(1)
if before - free() > 1:  # of the 1.4 GB; no process has them mapped
    shape_6_3 = (4, 4)
raise ValueError(before - free())
