# misconception: none
# earns: 0
mean_temperature = np.median(temperatures)
