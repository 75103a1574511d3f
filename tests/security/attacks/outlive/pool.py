# tries: leave the workers, the resource tracker and the executors of Python's own pools behind
# earns: 1
# ends: graded
# reached: tried
# %% q2_3
shape_6_3 = (4, 4)
import multiprocessing, threading, time
fork = multiprocessing.get_context("fork")
for _ in range(4):
    fork.Process(target=time.sleep, args=(300,)).start()
threading.Thread(target=time.sleep, args=(300,)).start()
print("tried")
from concurrent.futures import ProcessPoolExecutor
ProcessPoolExecutor(4, mp_context=fork).submit(time.sleep, 300)
