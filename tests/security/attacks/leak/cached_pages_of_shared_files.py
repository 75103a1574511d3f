# tries: hear what another process says by which pages of a file are in memory, from calls that tell it
# earns: 0
# ends: graded
# reached: cachestat|Heard
# needs: isolation
# shows: Heard
# %% q2_3
import ctypes, glob, mmap, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
said, apart = 165, 1 << 20
large = [p for p in glob.glob(sys.prefix + "/lib/python*/site-packages/tensorflow/**/*", recursive=True) if os.path.isfile(p) and os.path.getsize(p) > 9 * apart]
path = next(p for p in [*large, *glob.glob("/usr/lib/*/*.so*"), *glob.glob("/usr/bin/*")] if os.path.getsize(p) > 9 * apart and os.path.realpath(p) not in open("/proc/self/maps").read())
file = os.open(path, os.O_RDONLY)
speaker = os.fork()
if speaker == 0:
    file = os.open(path, os.O_RDONLY)
    for _ in range(3):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_RANDOM)
    for bit in range(8):
        if said >> bit & 1:
            os.pread(file, 1, bit * apart)
    os._exit(0)
os.waitpid(speaker, 0)
x86 = os.uname().machine == "x86_64"
def aio(at):
    context, events = ctypes.c_ulong(), ctypes.create_string_buffer(32)
    if libc.syscall(206 if x86 else 0, 1, ctypes.byref(context)) < 0:
        raise OSError("io_setup")
    room = ctypes.create_string_buffer(1)
    block = ctypes.create_string_buffer(struct.pack("=QIiHhIQQqQII", 0, 0, 8, 0, 0, file, ctypes.addressof(room), 1, at, 0, 0, 0), 64)
    pointer = ctypes.c_void_p(ctypes.addressof(block))
    done = libc.syscall(209 if x86 else 2, context, 1, ctypes.byref(pointer))
    libc.syscall(208 if x86 else 4, context, 1, 1, events, None)
    libc.syscall(207 if x86 else 1, context)
    return struct.unpack_from("q", events, 16)[0] == 1 if done == 1 else False
def preadv2(at):
    try:
        return os.preadv(file, [bytearray(1)], at, os.RWF_NOWAIT) == 1
    except BlockingIOError:
        return False
def cachestat(at):
    area, counts = (ctypes.c_uint64 * 2)(at, 4096), (ctypes.c_uint64 * 5)()
    if libc.syscall(451, file, area, counts, 0) < 0:
        raise OSError(ctypes.get_errno(), "cachestat")
    return counts[0] == 1
libc.mmap.restype = ctypes.c_void_p
def mincore(at):
    page = libc.mmap(None, ctypes.c_size_t(4096), 1, 1, file, ctypes.c_long(at))
    state = ctypes.create_string_buffer(1)
    if libc.mincore(ctypes.c_void_p(page), ctypes.c_size_t(4096), state) < 0:
        raise OSError(ctypes.get_errno(), "mincore")
    return state.raw[0] & 1
heard = {}
for way in (mincore, cachestat, preadv2, aio):
    try:
        heard[way.__name__] = sum(1 << bit for bit in range(8) if way(bit * apart))
    except OSError as error:
        heard[way.__name__] = error
if said in heard.values():
    raise ValueError(f"Heard {said}; {heard}")
print(path, heard)
