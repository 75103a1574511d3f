# tries: use up what a disk has of files with 30,000 folders and links
# earns: 0
# ends: crashed graded
# reached: No space left|it wrote more than
# needs: isolation
# %% q2_3
import os, time
for number in range(30_000):
    os.mkdir(str(number))
time.sleep(3)  # be seen
shape_6_3 = (4, 4)
