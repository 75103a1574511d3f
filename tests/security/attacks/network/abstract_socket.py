# tries: ask a server on this machine over an abstract Unix socket
# earns: 0
# ends: graded
# reached: (PermissionError|ConnectionRefusedError|FileNotFoundError)
# needs: isolation
# %% q2_3
import socket
with socket.socket(socket.AF_UNIX) as server:
    server.settimeout(3)
    server.connect("\0@SOCKET@")
    told = server.recv(100).decode()
    shape_6_3 = (4, 4)
    raise ValueError(told)
