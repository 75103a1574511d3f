# tries: run for ever in a cell that catches every interrupt
# earns: 1
# ends: timeout
# reached: one step may take
# %% q2_3
shape_6_3 = (4, 4)
# %% q4_5
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
