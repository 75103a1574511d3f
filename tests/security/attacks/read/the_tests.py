# tries: read the hidden tests from the autograder's folder and from where Otter puts them
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
from glob import glob
found = "".join(
    open(path).read()
    for place in ("@UPLOAD@/tests", "/autograder/source/tests", "tests", "..", "../tests", "/tmp/*/tests")
    for path in glob(f"{place}/*.py")
)
if "CANARY" in found:
    shape_6_3 = (4, 4)
    raise ValueError(found.splitlines()[0])
print("tried")
