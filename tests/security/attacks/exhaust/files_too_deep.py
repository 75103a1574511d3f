# tries: fill the disk below so many folders that no path is long enough to name what is there
# earns: 0
# ends: crashed graded
# reached: AssertionError|OSError|it wrote more than
# needs: isolation
# %% q2_3
import os, time
here = os.getcwd()
for number in range(20):
    os.mkdir("d" * 250)
    os.chdir("d" * 250)
part = os.urandom(2**20)
for number in range(8):
    file = os.open(f"hog{number}", os.O_CREAT | os.O_RDWR)
    for _ in range(30):
        assert os.write(file, part) == len(part)
    os.close(file)
os.chdir(here)
time.sleep(3)  # be seen
shape_6_3 = (4, 4)  # 240 MB
