# tries: use more memory than is allowed: in one piece, bit by bit, as shared pages, as pages of a file
# earns: 2
# ends: crashed graded
# reached: more than 700 MB
# %% q2_3
import mmap
hog = bytearray(1500 * 2**20)
hog[::4096] = b"x" * len(hog[::4096])
shape_6_3 = (4, 4)
# %% q3_2
pooled_shape = (3, 3)
# %% q4_2
import mmap
hog = mmap.mmap(-1, 1500 * 2**20)
for place in range(0, len(hog), 4096):
    hog[place] = 1
output_100_2 = (4, 4)
# %% q4_5
hog = []
while True:
    hog.append(bytes(10**5) + b"x")
