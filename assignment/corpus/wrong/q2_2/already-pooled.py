# misconception: response-pooled
# earns: 0
height = 13
width = 13
filters = 32

response_meaning = {"height": height, "width": width, "filters": filters}
