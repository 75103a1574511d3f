# tries: be rejected in a sentence that holds the file's own words: a link of the grader's, emphasis, a tag
# earns: 0
# ends: rejected
# shows: (?m)^[^`\n]*(\[Regrade|\*\*|<img)
# file: submission.ipynb
import json
def make(blank):
    body = json.loads(blank)
    name = "')`\u2028**[Regrade: 100 points, see here](https://example.com/)** <img src=x onerror=alert(1)>"
    body["metadata"]["otter"] = {"assignment_name": name}
    return json.dumps(body).encode()
