# tries: put script, pictures from elsewhere and links into results by the text of errors
# earns: 0
# ends: graded
# reached: alert\(1\)
# shows: (?m)^[^`\n]*(<script|<img|!\[\]\(https)
# %% q2_3
raise ValueError("<script>alert(1)</script><img src=x onerror=alert(1)> ![](https://example.com/seen.png) [more](javascript:alert(1)) {{ 7 * 7 }} $x$ | a | b |")
# %% q4_5
def conv_params(*a, **k):
    raise ValueError("</li></ul><script>alert(2)</script> ![](https://example.com/seen.png)")
