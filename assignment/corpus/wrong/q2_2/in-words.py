# misconception: none
# earns: 0
response_meaning = {"height": 26, "width": 26, "filters": "32 filters"}
