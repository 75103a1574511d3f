# tries: end in more cells than a notebook is started again for, by abort, null, exec and no descriptors
# earns: 1
# ends: crashed
# reached: signal SIGABRT
# %% q2_3
shape_6_3 = (4, 4)
# %% q2_4
import os; os.abort()
# %% q2_5
import ctypes; ctypes.string_at(0)
# %% q3_2
import os; os.execv("/bin/sh", ["sh", "-c", "kill -9 $$"])
# %% q4_2
import os; os.closerange(0, 65536)
# %% q4_3
import os; os._exit(1)
# %% q4_5
import os; os._exit(1)
