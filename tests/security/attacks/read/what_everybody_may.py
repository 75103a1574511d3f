# tries: read a file of the machine that is nobody's secret, but not the student's to see
# earns: 0
# ends: graded
# reached: (FileNotFound|Permission)Error
# needs: isolation
# %% q2_3
raise ValueError(open("@PUBLIC@").read())
