# tries: fill the disk with files that have no name any more, and so are in no folder
# earns: 0
# ends: crashed graded
# reached: AssertionError|OSError|it wrote more than
# needs: isolation
# %% q2_3
import os, time
kept = []
part = os.urandom(2**20)
for number in range(8):
    kept.append(os.open("hog", os.O_CREAT | os.O_RDWR))
    os.unlink("hog")
    for _ in range(30):
        assert os.write(kept[-1], part) == len(part)
time.sleep(3)  # be seen
shape_6_3 = (4, 4)  # 240 MB
