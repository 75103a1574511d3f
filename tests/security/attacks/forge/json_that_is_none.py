# tries: send NaN, infinity, duplicate keys and numbers of a thousand digits, in messages that strict readers reject
# earns: 0
# ends: graded crashed
# reached: tried
# %% q2_3
import gc, struct
shape_6_3 = (1, 1)
channel = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Channel")
send = channel.send
def lying(body, out=()):
    if "names" not in body:
        return send(body, out)
    name = next(iter(body["names"]), "x")
    value = '["list", [NaN, -Infinity, 1e999, %s]]' % ("9" * 4000)
    text = '{"names": {"%s": {"value": 5}, "%s": {"value": 1}}, "names": {"%s": {"value": %s}}, "names": {"%s": {"value": %s}}}' % (name, name, name, value, name, value)
    channel._sock.sendall(struct.pack("!II", len(text), 0) + text.encode())
channel.send = lying
print("tried")
