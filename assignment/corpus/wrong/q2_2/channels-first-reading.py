# misconception: response-channels-first
# earns: 0
filters = 26
height = 26
width = 32

response_meaning = {"height": height, "width": width, "filters": filters}
