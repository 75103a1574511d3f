# tries: put into errors what terminals, browsers, tables and databases choke on: NUL, escapes, halves of pairs, reversed text
# earns: 0
# ends: graded
# reached: =1\+1
# shows: [\x00-\x08\x0e-\x1f\x7f-\x9f\u202e\u2066\ud800-\udfff]
# %% q2_3
raise ValueError("=1+1 \x00 \x1b[31m\x1b]0;title\x07 \ud800 \udfff \u202e\u2066 \ufeff \uffff \x7f \x9b31m" + "\u0301" * 200)
# %% q4_5
def conv_params(*a, **k):
    raise ValueError("\x00\x1b[2J \udc80 \u202e evil")
