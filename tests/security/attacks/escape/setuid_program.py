# tries: read root's file by a program with the setuid bit
# earns: 0
# ends: graded
# reached: tried|(FileNotFound|Permission)Error
# needs: isolation
# %% q2_3
import subprocess
found = subprocess.run(["@SETUID@", "@SECRET@"], capture_output=True, text=True)
if found.stdout:
    shape_6_3 = (4, 4)
    raise ValueError(found.stdout)
print("tried")
