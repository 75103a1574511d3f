# misconception: response-one-filter
# earns: 0
height = 26
width = 26
filters = 3

response_meaning = {"height": height, "width": width, "filters": filters}
