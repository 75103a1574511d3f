response_meaning = dict(height=26, width=26, filters=32, channels_last=True)
