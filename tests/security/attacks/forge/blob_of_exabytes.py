# tries: send lengths of blobs that are small together only where numbers overflow
# earns: 2
# ends: crashed
# reached: larger than may cross
# %% q3_2
pooled_shape = (3, 3)
# %% q2_3
import gc, struct
channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
channel._sock.sendall(struct.pack("!IIQQ", 2, 2, 2**63, 2**63) + b"{}")
