"""500 texts that would do harm if anything interpreted them: always the same ones, in the same order.

Each family aims at one interpreter; the framings are what such texts come wrapped in.
"""

from __future__ import annotations

from itertools import product

WITNESS = "gehackt"
"""A script that ran would leave this name on the page's window."""
OUTSIDE = "outside.invalid"
"""A host that nothing may ever ask for."""

_RUN = f"window.{WITNESS}=1"
MARKUP = (
    f"<script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<svg/onload={_RUN}>",
    f"<iframe srcdoc='<script>parent.{WITNESS}=1</script>'></iframe>",
    f"</title></text><script>{_RUN}</script>",
    f"<![CDATA[<script>{_RUN}</script>]]>",
    f"<a href='javascript:{_RUN}'>x</a>",
    f"<style>@import url(//{OUTSIDE}/x.css)</style>",
    f"<img src=//{OUTSIDE}/x.png>",
    "<!--", "-->", "]]>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;", "&#60;b&#62;", "&undefiniert;",
)  # fmt: skip
MARKDOWN = (
    f"[x](javascript:{_RUN})",
    f"![x](http://{OUTSIDE}/x.png)",
    f"[x](http://{OUTSIDE}/)",
    f"<http://{OUTSIDE}/>",
    f"http://{OUTSIDE}/auto",
    "# Titel", "**fett**", "`code`", "$$\\frac{1}{0}$$", "$x$", ":red[rot]", ":material/delete:", ":rocket:",
    "~~weg~~", "| a | b |\n|---|---|", "- [ ] offen", "---", "> Zitat", "[^1]: Fußnote",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1:A9)", "=cmd|' /C calc'!A0", f'=HYPERLINK("http://{OUTSIDE}/","x")',
    f'=WEBSERVICE("http://{OUTSIDE}/")', "=IMPORTXML(A1;B1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1",
    "'=1+1", '"=1+1', ";=1+1", "%0A=1+1", "{=1+1}", "DDE", "=" + "A" * 300,
)  # fmt: skip
CODE = (
    "'; DROP TABLE services; --", '" OR 1=1 --', "x') UNION SELECT * FROM duckdb_settings() --", "$1", "?", ":name",
    "{{7*7}}", "${7*7}", "%(x)s", "%s%n", "{0.__class__}", "{__import__('os')}", "$(id)", "`id`", "| id", "&& id",
    "datum.x", '{"signal": "1+1"}', '{"expr": "window"}', "format(datum, '')", "#{7*7}", "<%= 7*7 %>", "\\", "\\N",
)  # fmt: skip
PATHS = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\con", "file:///etc/passwd", "\\\\host\\x",
    "a/../../b", "CON", "nul.csv", "~root", ".", "..", "%2e%2e%2f", "x\x00.csv", "x" * 300,
)  # fmt: skip
UNSEEN = (
    "\x00", "a\x00b", "\x01\x02\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\u202eexe.fdp", "\u2066x\u2069", "\ufeff",
    "\u200b", "\u200d", "\u00ad", "\ufffe", "\uffff", "\U0001f3f4\u200d\u2620", "e\u0301" * 20, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "\U0010ffff",
    " ", "\u00a0", "\t", "\n\n", "zwei\nZeilen", "\r\n", "\x0b\x0c",
)  # fmt: skip
DELIMITERS = (
    ";",
    ",",
    '"',
    '""',
    '";"',
    "a;b",
    "a,b",
    '"a',
    'a"b',
    "'",
    "''",
    "|",
    "\\;",
    "\\n",
    "a\tb",
    "\ufeffa;b",
)
FAMILIES = (MARKUP, MARKDOWN, FORMULAS, CODE, PATHS, UNSEEN, DELIMITERS)
FRAMES = ("{}", "Hundesteuer {}", "{} anmelden", '"{}"', "{}\n{}")

_EVERY = [frame.replace("{}", text) for frame, family in product(FRAMES, FAMILIES) for text in family]
TEXTS: tuple[str, ...] = tuple(dict.fromkeys(_EVERY))[:500]
