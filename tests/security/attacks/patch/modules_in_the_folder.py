# tries: leave modules for others to import: in the own folder under known names, and in every folder of packages
# earns: 1
# ends: graded
# reached: tried
# needs: isolation
# shows: written:
# %% q2_3
shape_6_3 = (4, 4)
import os, site, sys
text = "open('@WITNESS@', 'w').write('imported')\n"
for name in ("sitecustomize", "usercustomize", "numpy", "pandas", "otter", "ottermark", "json", "conftest"):
    open(f"{name}.py", "w").write(text)
written = []
for place in {*sys.path, *site.getsitepackages(), site.getusersitepackages(), sys.prefix, "@UPLOAD@", "@UPLOAD@/files", "/etc", "/usr/lib"}:
    path = os.path.join(place, "zz_hostile.py")
    if os.path.realpath(place) == os.path.realpath("."):
        continue
    try:
        open(path, "w").close()
        os.remove(path)
        written.append(place)
    except OSError:
        pass
if written:
    raise ValueError(f"written: {written}")
print("tried")
