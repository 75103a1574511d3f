# tries: raise and print lone surrogates, control characters, markup and what ends a table
# earns: 1
# ends: graded
# reached: alert\(1\)
# file: submission.ipynb
import json
def make(blank):
    body = json.loads(blank)
    cells = body["cells"]
    def answer(name, text):
        check = next(n for n, c in enumerate(cells) if "grader.check(\"%s\")" % name in "".join(c["source"]))
        cells[check - 1]["source"], cells[check - 1]["keep"] = text, True
    cells[0].update(cell_type="code", source="import otter; grader = otter.Notebook()", outputs=[], execution_count=None)
    answer("q2_3", "shape_6_3 = (4, 4)")
    answer("q3_2", "raise ValueError('\\ud800</script><script>alert(1)</script>=1+1\\x00\\x1b[2J\\u202e|`' + '\\n' * 5)")
    answer("q4_5", "raise type('=cmd|X', (Exception,), {})('\\udfff')")
    answer("q4_4", "x = '\ud800'")
    cells[:] = [c for n, c in enumerate(cells) if n == 0 or c.pop("keep", False) or "grader.check" in "".join(c["source"])]
    return json.dumps(body).encode()
