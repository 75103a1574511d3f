# tries: end while threads run and descriptors close under the process's feet
# earns: 1
# ends: crashed timeout
# reached: was ended|ended by itself
# %% q2_3
shape_6_3 = (4, 4)
# %% q4_5
import os, threading, time
def close():
    time.sleep(0.3)
    os.closerange(0, 65536)
threading.Thread(target=close).start()
time.sleep(1)
