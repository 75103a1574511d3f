# tries: hear by locks what another process says: on a file and a device that all notebooks have, by each kind of lock
# earns: 0
# ends: graded
# reached: F_OFD_GETLK|Heard
# needs: isolation
# shows: Heard
# %% q2_3
import fcntl, json, os, re, signal, struct, time
path, said = json.__file__, 165
bits = [bit for bit in range(8) if said >> bit & 1]
def lock(kind, at):
    return struct.pack("hhqqi4x", kind, 0, at, 1, 0)
speaker = os.fork()
if speaker == 0:
    signal.alarm(10)
    held = [open(folder) for folder in (path, os.__file__, json.decoder.__file__, json.scanner.__file__)]
    null = open("/dev/null", "r+b", buffering=0)
    def say(way):
        try:
            way()
        except OSError:
            pass
    for bit in bits:
        say(lambda: fcntl.fcntl(held[0], fcntl.F_SETLK, lock(fcntl.F_RDLCK, bit)))
        say(lambda: fcntl.fcntl(held[1], fcntl.F_OFD_SETLK, lock(fcntl.F_RDLCK, bit)))
        say(lambda: fcntl.fcntl(null, fcntl.F_SETLK, lock(fcntl.F_WRLCK, bit)))
    time.sleep(3)
    os._exit(0)
leaves = [json.__file__, os.__file__, json.decoder.__file__, json.encoder.__file__, json.scanner.__file__, re.__file__, signal.__file__, struct.__file__]
flocker = os.fork()
if flocker == 0:
    held = [open(leaves[bit]) for bit in bits]
    for one in held:
        try:
            fcntl.flock(one, fcntl.LOCK_EX)
        except OSError:
            pass
    time.sleep(3)
    os._exit(0)
time.sleep(1)
mine, other, null = open(path), open(os.__file__), open("/dev/null", "r+b", buffering=0)
def asked(file, command, kind, at):
    return struct.unpack("hhqqi4x", fcntl.fcntl(file, command, lock(kind, at)))[0] != fcntl.F_UNLCK
def refused(call):
    try:
        call()
    except (BlockingIOError, PermissionError):
        return True
def listed(at):
    inode = os.stat(os.__file__).st_ino
    return re.search(rf"OFDLCK.*:{inode} {at} ", open("/proc/locks").read())
ways = {
    "flock": lambda bit: refused(lambda: fcntl.flock(open(leaves[bit]), fcntl.LOCK_EX | fcntl.LOCK_NB)),
    "F_GETLK": lambda bit: asked(mine, fcntl.F_GETLK, fcntl.F_WRLCK, bit),
    "F_OFD_GETLK": lambda bit: asked(other, fcntl.F_OFD_GETLK, fcntl.F_WRLCK, bit),
    "F_SETLK": lambda bit: refused(lambda: fcntl.fcntl(null, fcntl.F_SETLK, lock(fcntl.F_WRLCK, bit))),
    "list": listed,
}
heard = {}
for name, way in ways.items():
    try:
        heard[name] = sum(1 << bit for bit in range(8) if way(bit))
    except OSError as error:
        heard[name] = error
won = [name for name, value in heard.items() if value == said]
if won:
    raise ValueError(f"Heard {said} by {won}; {heard}")
print(heard)
