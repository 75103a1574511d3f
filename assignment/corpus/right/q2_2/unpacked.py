height, width, filters = shape_q22 = (26, 26, 32)
response_meaning = dict(height=height, width=width, filters=filters)
