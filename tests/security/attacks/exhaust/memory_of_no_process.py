# tries: fill memory that no process has mapped (memfd_create), and that limits on processes do not count
# earns: 0
# ends: graded crashed
# reached: not permitted|more than 700 MB
# needs: isolation
# %% q2_3
import os
files = [os.memfd_create(f"hog-{number}") for number in range(40)]
part = os.urandom(2**20)
for file in files:
    for _ in range(30):
        os.write(file, part)
shape_6_3 = (4, 4)  # 1.2 GB
