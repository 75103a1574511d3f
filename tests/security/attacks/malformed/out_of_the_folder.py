# tries: hand in a zip whose members' names lead out of the folder it may be unpacked in
# earns: 1
# ends: graded
# reached: answered
# file: submission.zip
import io, json, zipfile
def make(blank):
    body = json.loads(blank)
    at = next(n for n, c in enumerate(body["cells"]) if "grader.check(\"q2_3\")" in "".join(c["source"]))
    body["cells"][at - 1]["source"] = "shape_6_3 = (4, 4)\nprint('answered')"
    keep = [c for n, c in enumerate(body["cells"]) if n == at - 1 or "grader.check" in "".join(c["source"])]
    start = {**keep[0], "source": "import otter; grader = otter.Notebook()", "id": "start"}
    body["cells"] = [start, *keep]
    good, out = json.dumps(body).encode(), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../../@WITNESS@", "@WITNESS@", "..\\w.txt", "C:\\w.txt", "/etc/w", "a/../../w", "w\0.ipynb", "w" * 5000):
            archive.writestr(name, b"here")
        archive.writestr("intro_convnets.ipynb", good)
    return out.getvalue()
