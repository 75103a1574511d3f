# tries: put a link to the class's sheets where the cleaner expects the notebook's folder
# earns: 2
# ends: graded
# alone: gets through
# %% q2_3
shape_6_3 = (4, 4)
import os
here = os.getcwd()
try:
    os.rename(here, here + "-old")
    os.symlink("@SHEETS@", here)
    open("@WITNESS@", "w").write("renamed")
except OSError:
    pass
