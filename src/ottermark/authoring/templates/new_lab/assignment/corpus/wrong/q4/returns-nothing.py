# misconception: none
# earns: 1
def checked(celsius):
    return celsius if celsius >= -273.15 else None
