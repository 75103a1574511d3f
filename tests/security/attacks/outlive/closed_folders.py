# tries: leave a folder that cannot be removed: no rights, odd names, links out of it, pipes, long names
# earns: 1
# ends: graded
# reached: tried
# %% q2_3
shape_6_3 = (4, 4)
import os
for name in ("a\nb", "-rf", "$(touch x)", " ", "\u202e", b"\xff\xfe", "n" * 255, "..."):
    os.mkdir(name)
    os.symlink("/", os.path.join(name, b"link" if isinstance(name, bytes) else "link"))
    os.mkfifo(os.path.join(name, b"pipe" if isinstance(name, bytes) else "pipe"))
    os.chmod(name, 0)
os.symlink("@UPLOAD@", "files")
os.symlink("@OUT@/results/earlier.json", "earlier.json")
os.symlink("..", "up")
os.symlink("loop", "loop")
os.chmod(".", 0)
print("tried")
