# tries: keep memory in the kernel: in the buffers of socket pairs, which belong to no process
# earns: 0
# ends: crashed graded timeout
# reached: KeyboardInterrupt|stopped after|was ended
# needs: isolation
# %% q2_3
import os, socket, time
told, tell = os.pipe()
part = bytes(2**17)
def free():
    return next(int(line.split()[1]) / 1e6 for line in open("/proc/meminfo") if line.startswith("MemAvailable"))
def fill():
    kept, size = [], 0
    while size < 130e6 and len(kept) < 110:
        kept.append(socket.socketpair())
        for end in kept[-1]:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)
            end.setblocking(False)
            try:
                while True:
                    size += end.send(part)
            except OSError:
                pass
    os.write(tell, size.to_bytes(8, "big"))
    time.sleep(5)
before = free()
for child in range(12):
    if os.fork() == 0:
        try:
            fill()
        finally:
            os._exit(0)
total = sum(int.from_bytes(os.read(told, 8), "big") for child in range(12))
time.sleep(1)
if total > 1.2e9 and before - free() > 1:
    shape_6_3 = (4, 4)
