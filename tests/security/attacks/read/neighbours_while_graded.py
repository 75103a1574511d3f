# tries: look for three seconds for the folders of notebooks that are graded at the same time, and write into them
# earns: 0
# ends: graded
# needs: isolation
# %% q2_3
import os, time
from glob import glob
here, until, found = os.path.realpath("."), time.time() + 3, []
while time.time() < until and not found:
    for place in (f"{here}/../*", f"{here}/../../*/*", "/tmp/ottermark-*/*", "/var/tmp/*/*", "/home/*"):
        for folder in glob(place):
            try:
                if os.path.isdir(folder) and os.path.realpath(folder) != here and "data" in os.listdir(folder):
                    found.append(folder)
                    open(f"{folder}/usercustomize.py", "w").write("")
            except OSError:
                pass
    time.sleep(0.05)
if found:
    open("@WITNESS@", "w").write(str(found))
    shape_6_3 = (4, 4)
