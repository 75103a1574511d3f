# tries: learn from /proc which servers run on this machine
# earns: 0
# ends: graded
# reached: tried|PermissionError
# needs: isolation
# %% q2_3
if f":{@PORT@:04X} " in open("/proc/self/net/tcp").read():
    shape_6_3 = (4, 4)
print("tried")
