def checked(celsius):
    if celsius >= -273.15:
        return celsius
    else:
        raise ValueError("too cold")
