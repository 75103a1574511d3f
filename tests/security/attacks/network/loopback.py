# tries: ask a server on this machine
# earns: 0
# ends: graded
# reached: (PermissionError|ConnectionRefusedError|OSError)
# needs: isolation
# %% q2_3
import socket
with socket.create_connection(("127.0.0.1", @PORT@), timeout=60) as server:
    shape_6_3 = (4, 4)
    raise ValueError(server.recv(100).decode())
