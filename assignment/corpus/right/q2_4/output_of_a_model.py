model_q24 = keras.Sequential([keras.Input((33, 33, 1)), layers.Conv2D(1, (2, 2), padding="valid")])
shape_33_2 = model_q24.output_shape[1:3]
