# tries: read another student's submission and the results of others
# earns: 0
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
from glob import glob
for path in [*glob("@SUBMISSIONS@/*"), *glob("@OUT@/results/*")]:
    text = open(path, errors="replace").read()
    if "honest" in path or "earlier" in path:
        shape_6_3 = (4, 4)
        raise ValueError(text[-5000:])
print("tried")
