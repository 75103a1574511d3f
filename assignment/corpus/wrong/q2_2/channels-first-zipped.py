# misconception: response-channels-first
# earns: 0
response_meaning = dict(zip(("filters", "height", "width"), (26, 26, 32)))
