# tries: submit a zip of 50 KB that unpacks to 50 MB and more, under a header that says otherwise
# earns: 0
# ends: rejected
# file: submission.zip
import io, json, zipfile
def make(blank):
    body = json.loads(blank)
    at = next(n for n, c in enumerate(body["cells"]) if "grader.check(\"q2_3\")" in "".join(c["source"]))
    body["cells"][at - 1]["source"] = "shape_6_3 = (4, 4)"
    keep = [c for n, c in enumerate(body["cells"]) if n == at - 1 or "grader.check" in "".join(c["source"])]
    start = {**keep[0], "source": "import otter; grader = otter.Notebook()", "id": "start"}
    body["cells"] = [start, *keep]
    good, out = json.dumps(body).encode(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("intro_convnets.ipynb", bytes(60 * 2**20))
    data = bytearray(out.getvalue())
    for mark, place in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = data.index(mark) + place
        data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)
