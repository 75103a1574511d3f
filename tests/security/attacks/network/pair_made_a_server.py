# tries: reach a program on this machine through one end of a socket pair, which is allowed
# earns: 0
# ends: graded
# reached: tried|PermissionError
# needs: isolation
# %% q2_3
import errno, socket
ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for name in ("\0@SOCKET@", "/dev/log", "/run/systemd/notify", "/run/systemd/journal/socket"):
    try:
        ours.sendto(b"hello", name)
    except OSError as error:
        if error.errno != errno.EPROTOTYPE:  # which says: it hears us, but speaks another way
            continue
    shape_6_3 = (4, 4)
print("tried")
