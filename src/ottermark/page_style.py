"""Style sheets that several pages share, for what they show of notebooks."""

from __future__ import annotations

# the colours are custom properties that each page defines, in light and dark
CODE_STYLE = """\
.highlight .c, .highlight .c1, .highlight .cm, .highlight .ch { color: var(--soft); font-style: italic; }
.highlight .k, .highlight .kn, .highlight .kc, .highlight .ow, .highlight .o { color: var(--keyword); }
.highlight .s, .highlight .s1, .highlight .s2, .highlight .sd, .highlight .sa, .highlight .sf, .highlight .si, .highlight .se { color: var(--string); }
.highlight .mi, .highlight .mf, .highlight .mh, .highlight .nb, .highlight .bp { color: var(--number); }
.highlight .nf, .highlight .nc { font-weight: 600; }
"""
FORMULA_STYLE = """\
math { font-family: math; }
math[display="block"] { margin: .4rem 0 .8rem; max-width: 100%; overflow-x: auto; overflow-y: hidden; }
[mathvariant="bold"] { font-weight: bold; }
[mathvariant="monospace"] { font-family: monospace; }
mtd[columnalign="left"] { text-align: left; }
mtd[columnalign="right"] { text-align: right; }
"""
