# tries: leave a file where the next student finds it
# earns: 1
# ends: graded
# reached: (FileNotFound|Permission)Error
# needs: isolation
# %% q2_3
shape_6_3 = (4, 4)
open("@WITNESS@", "w").write("the answers: ...")
