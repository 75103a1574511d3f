# misconception: response-is-the-filter
# earns: 0
height = 3
width = 3
filters = 32

response_meaning = {"height": height, "width": width, "filters": filters}
