# tries: print, display and log a Gradescope result, and script for those who look at it
# earns: 0
# ends: graded
# reached: "score": 100
# shows: <script|"score"
# %% q2_3
import json, sys
from IPython.display import HTML, JSON, Javascript, Markdown, display
text = json.dumps({"score": 100, "tests": [{"number": "q2_3", "score": 2, "max_score": 2, "output": "<script>alert(1)</script>"}]})
print(text)
print(text, file=sys.stderr)
print(text, file=sys.__stdout__)
for kind in (HTML, Markdown, Javascript):
    display(kind("<script>alert(1)</script>" + text))
display({"application/x.gradescope": text, "text/html": text}, raw=True)
with open("/dev/stdout", "w") as out:
    out.write(text)
