response_meaning = {"filters": 32.0, "width": 26.0, "height": 26.0}
