# tries: replace the notebook's folder, which is removed at the end, by a link to the class's submissions
# earns: 1
# ends: graded
# reached: tried
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
import os
here = os.getcwd()
try:
    os.rename(here, here + "-old")
    os.symlink("@SUBMISSIONS@", here)
    open("@WITNESS@", "w").write("renamed")
except OSError:
    pass
print("tried")
