# tries: send a header that promises 4 GB and four thousand million blobs
# earns: 2
# ends: crashed
# reached: larger than may cross
# %% q3_2
pooled_shape = (3, 3)
# %% q2_3
import gc
channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
channel._sock.sendall(b"\xff" * 100)
