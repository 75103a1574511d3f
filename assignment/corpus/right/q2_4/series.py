shape_33_2 = pd.Series({"height": 32, "width": 32})
