import math

sides_q25 = {"valid": 6 - 3 + 1, "same": math.ceil(6 / 1)}
valid_shape = (sides_q25["valid"], sides_q25["valid"])
same_shape = (sides_q25["same"], sides_q25["same"])
