# misconception: padding-rounded-up-partly
# earns: 3
def same_padding(I, F, S):
    return (S * (I - 1) - I + F) / 2 if S > 1 else F // 2
