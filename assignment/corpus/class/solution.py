# The solved notebook as it is.
# base: solution
