# tries: run 500 threads at once
# earns: 0
# ends: graded crashed
# reached: can't start new thread|it ran more than
# %% q2_3
import threading, time
threads = [threading.Thread(target=time.sleep, args=(3,), daemon=True) for _ in range(500)]
for thread in threads:
    thread.start()
shape_6_3 = (4, 4)
