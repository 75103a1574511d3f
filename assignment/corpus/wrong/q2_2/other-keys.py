# misconception: none
# earns: 0
response_meaning = {"rows": 26, "columns": 26, "filters": 32}
