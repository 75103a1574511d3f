# tries: hear what another process says by what it reads: events of files and folders that all notebooks have
# earns: 0
# ends: graded
# reached: listened|Heard
# needs: isolation
# shows: Heard
# %% q2_3
import ctypes, fcntl, json, os, re, signal, struct, time
libc = ctypes.CDLL(None, use_errno=True)
said = 165
leaves = [json.__file__, json.decoder.__file__, json.encoder.__file__, json.scanner.__file__, os.__file__, re.__file__, signal.__file__, struct.__file__]
opened = 0x20
watched = {}
def watch(instance):
    for bit, leaf in enumerate(leaves):
        watched[libc.inotify_add_watch(instance, leaf.encode(), opened)] = bit
    return instance
instances = [watch(instance) for instance in (libc.inotify_init1(0x800), libc.inotify_init())]
told = []
signal.signal(signal.SIGUSR1, lambda *_: told.append(1))
folder = os.open(os.path.dirname(json.__file__), os.O_RDONLY)
try:
    fcntl.fcntl(folder, fcntl.F_SETSIG, signal.SIGUSR1)
    fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MULTISHOT)
except OSError as error:
    print(error)
speaker = os.fork()
if speaker == 0:
    for bit, leaf in enumerate(leaves):
        if said >> bit & 1:
            open(leaf).read()
    os._exit(0)
os.waitpid(speaker, 0)
time.sleep(0.2)
print("listened")
heard = [f"{said} by F_NOTIFY"] if told else []
for instance in instances:
    try:
        events = os.read(instance, 4096)
    except OSError as error:
        print(error)
        continue
    names = {watched[struct.unpack_from("i", events, at)[0]] for at in range(0, len(events), 16)}
    heard.append(sum(1 << bit for bit in names))
if heard:
    raise ValueError(f"Heard {heard[0]}; {heard}")
