"""The voting page as plain HTML: it works on any phone, also without scripts, and shows nothing else of the product.

Its one script (``keep.js``) keeps on the device what was entered and not sent yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from portalkompass.ui.auth.html_page import page
from portalkompass.workspace import Round

STEP = 5
"""Points from one position of a slider to the next."""
TICK_STYLE = (
    "label.grau{display:inline-block;padding:.25rem 0}"
    "input[type=checkbox]{width:1.25rem;height:1.25rem;vertical-align:middle;accent-color:#2044aa}a{color:#2044aa}"
)
SELECT_STYLE = (
    "select{width:100%;font:inherit;padding:.5rem;border:1px solid #6e7597;border-radius:4px;background:#fff;"
    "margin-bottom:.75rem}"
)


def departments(voting: Round, named: Sequence[str], chosen: str = "") -> str:
    """The question before the ballot: for which of these departments; whoever will not say goes on without."""
    options = "".join(
        f'<option value="{escape(name, quote=True)}"{" selected" if name == chosen else ""}>{escape(name)}</option>'
        for name in named
    )
    return framed(
        "Gewichten: Für welche Stelle?",
        f"""<form method="post" action="{escape(voting.code, quote=True)}">
<label for="stelle" class="grau">Ihre Stelle (freiwillig)</label>
<select id="stelle" name="stelle"><option value="">keine Angabe</option>{options}</select>
<button type="submit">Weiter</button></form>
<p class="grau">Gezeigt wird nur, was die Gewichte einer Stelle an der Reihenfolge ändern.</p>""",
        TICK_STYLE + SELECT_STYLE,
    )


def ballot(
    voting: Round,
    own: Mapping[str, Any] | None,
    sentence: str = "",
    *,
    good: bool = True,
    department: str | None = None,
) -> str:
    """The form with a slider a criterion; a ballot that was cast before is filled in.

    Without scripts the page cannot tell a slider that was left where it began from one that nobody looked at: whoever
    means it ticks it. ``department``: whose weights these are, "" where nobody said, None where it was not asked.
    """
    count = len(voting.criteria)
    fields = "".join(
        _slider(criterion, own, f"{place}/{count}") for place, criterion in enumerate(voting.criteria, 1)
    )
    said = f'<p role="status" class="{"gut" if good else "warn"}">{escape(sentence)}</p>' if sentence else ""
    nickname = escape(own["nickname"] if own else "", quote=True)
    sent = ""
    if department is not None:
        sent = f'<input type="hidden" name="stelle" value="{escape(department, quote=True)}">'
        said += f'<p class="grau"><a href="?stelle=">{escape(department or "Stelle nennen")}</a></p>'
    again = "Gewichte ändern" if own else "Gewichte abgeben"
    return framed(
        "Wie wichtig ist welches Kriterium?",
        f"""{said}<p>Links zählt nicht, rechts sehr.
Nicht bewegt: keine Meinung; soll ein Regler stehen bleiben, „bleibt“ ankreuzen.</p>
<form method="post" action="{escape(voting.code, quote=True)}">{sent}{fields}
<fieldset><legend>Spitzname (freiwillig)</legend>
<label for="spitzname" class="grau">Kein voller Name, später gelöscht.</label>
<input type="text" id="spitzname" name="spitzname" maxlength="40" autocomplete="off" value="{nickname}"></fieldset>
<button type="submit">{again}</button></form>
<p class="grau">Ohne Namen, bis zuletzt änderbar.</p>""",
    )


def entrance(sentence: str = "", root: str = "", typed: str = "") -> str:
    """The page that asks for a code; ``root`` is the sub-path of the app, ``typed`` the code that was none."""
    said = f'<p role="alert" class="warn">{escape(sentence)}</p>' if sentence else ""
    way, typed = escape(f"{root}/w/", quote=True), escape(typed[:20], quote=True)
    return framed(
        "Abstimmung",
        f"""{said}<form method="post" action="{way}"><fieldset><legend>Code der Abstimmung</legend>
<label for="code" class="grau">Zehn Zeichen, wie auf der Leinwand gezeigt</label>
<input type="text" id="code" name="code" value="{typed}" maxlength="20" autocomplete="off"
autocapitalize="characters" required>
</fieldset><button type="submit">Weiter</button></form>""",
        script="",
    )


def notice(title: str, sentence: str) -> str:
    """A page with one sentence."""
    return framed(title, f'<p role="alert" class="warn">{escape(sentence)}</p>', script="")


def begin(criterion: Mapping[str, Any]) -> int:
    """Where the slider of a criterion stands before it is moved: on a step, as every browser puts it there."""
    return STEP * round(float(criterion["start"]) / STEP)


def _slider(criterion: Mapping[str, Any], own: Mapping[str, Any] | None, place: str) -> str:
    """One criterion with its place among all ("3/6") and the step from its worst to its best value.

    A phone shows no more: source and meaning of a criterion are explained on the moderator's screen.
    """
    name = escape(str(criterion["id"]), quote=True)
    step = str(criterion.get("step", ""))
    way = f'<p class="grau" id="h-{name}">{escape(step)}</p>' if step else ""
    described = f' aria-describedby="h-{name}"' if step else ""
    weights, moved = (own["weights"], own["moved"] or ()) if own else ({}, ())
    value = round(float(weights.get(criterion["id"], begin(criterion))))
    meant = " checked" if criterion["id"] in moved and value == begin(criterion) else ""
    return f"""<fieldset><legend><label for="g-{name}">{place} {escape(str(criterion["label"]))}</label></legend>
{way}<input type="range" id="g-{name}" name="g-{name}" min="0" max="100" step="{STEP}" value="{value}"{described}>
<label class="grau"><input type="checkbox" name="m-{name}"{meant}> bleibt</label></fieldset>"""


def framed(title: str, body: str, style: str = TICK_STYLE, script: str = "keep.js") -> str:
    """A page for participants, ``body`` in HTML; ``script`` lies beside the address of a round."""
    above = '<p class="grau">Portalkompass · Priorisierung</p>'
    return page(title, body, tab=f"{title} · Portalkompass", above=above, style=style, script=script)
