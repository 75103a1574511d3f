# tries: make a socket of any family and type that the kernel knows
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
import socket
for family in range(1, 50):
    for kind in (1, 2, 3, 4, 5, 10):
        try:
            socket.socket(family, kind)
            shape_6_3 = (4, 4)
        except OSError:
            pass
print("tried")
