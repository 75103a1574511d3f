# tries: read and stop other processes with system calls: ptrace, process_vm_readv, pidfd_getfd, kcmp
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
got = []
here = {1, os.getppid()}
try:
    here |= {int(name) for name in os.listdir("/proc") if name.isdigit()}
except OSError:
    pass
for pid in sorted(here - {os.getpid(), 0}):
    if libc.ptrace(16, pid, None, None) == 0:
        got.append(f"ptrace {pid}")
    for number, arguments in {310: (pid, None, 0, None, 0, 0), 312: (pid, pid, 0, 0, 0)}.items():
        if os.uname().machine == "x86_64" and libc.syscall(number, *arguments) >= 0:
            got.append(f"system call {number} {pid}")
    try:
        descriptor = os.pidfd_open(pid)
        if libc.syscall(438, descriptor, 3, 0) >= 0:
            got.append(f"pidfd {pid}")
    except OSError:
        pass
if got:
    open("@WITNESS@", "w").write(str(got))
print("tried")
