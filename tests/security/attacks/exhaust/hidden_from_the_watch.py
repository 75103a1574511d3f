# tries: forbid to inspect the process (prctl), and then fill the disk with files without a name
# earns: 0
# ends: crashed graded
# reached: AssertionError|OSError|was ended|was stopped
# needs: isolation
# %% q2_3
import ctypes, os, time
assert ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) == 0  # PR_SET_DUMPABLE
kept = []
part = os.urandom(2**20)
for number in range(8):
    kept.append(os.open("hog", os.O_CREAT | os.O_RDWR))
    os.unlink("hog")
    for _ in range(30):
        assert os.write(kept[-1], part) == len(part)
time.sleep(2)
# %% q2_4
import time
time.sleep(3)
shape_33_2 = (32, 32) if len(kept) == 8 else None  # 240 MB
