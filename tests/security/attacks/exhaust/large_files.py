# tries: write a file larger than is allowed, and more of them; holes count for nothing
# earns: 1
# ends: crashed graded
# reached: File too large
# %% q2_3
with open("sparse", "wb") as file:
    file.truncate(2**25)
shape_6_3 = (4, 4)
# %% q3_2
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open("large", "wb") as file:
    for _ in range(40):
        file.write(os.urandom(2**20))
pooled_shape = (3, 3)
# %% q4_5
import time
for number in range(8):
    with open(f"hog{number}", "wb") as file:
        file.write(os.urandom(2**20) * 30)
time.sleep(3)
def conv_params(k, c, f, bias=True):
    return k[0] * k[1] * c * f + bias * f
