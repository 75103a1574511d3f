# misconception: response-counted-from-zero
# earns: 0
height = 25
width = 25
filters = 31

response_meaning = {"height": height, "width": width, "filters": filters}
