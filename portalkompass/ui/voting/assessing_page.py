"""Pages on which a department assesses services: plain HTML without scripts, a service at a time, steps by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from starlette.datastructures import FormData

from portalkompass import german
from portalkompass.ui.voting.voting_page import SELECT_STYLE, framed
from portalkompass.workspace import Round, known_cells

MOST_ON_PAGE = 4
"""Criteria on one page: with the longest wordings it stays below 250 words."""
UNKNOWN = "?"
"""What the form sends for "weiß nicht"."""
LISTED = " (laut Liste)"
STYLE = (
    "label.stufe{display:flex;gap:.5rem;align-items:flex-start;padding:.375rem 0}"
    "input[type=radio]{width:1.25rem;height:1.25rem;flex:none;margin-top:.2rem;accent-color:#2044aa}"
    "progress{width:100%;height:.75rem;accent-color:#2044aa}a{color:#2044aa}"
    "li{padding:.25rem 0}"
) + SELECT_STYLE
Page = tuple[str, list[str]]
"""A service and the criteria that one page asks of it."""


@dataclass(frozen=True)
class Sent:
    """What a form sent: the arguments of `workspace.assess`, and the page it stood on."""

    said: Mapping[str, Any] = field(default_factory=dict)
    page: int = 0

    def next_page(self, voting: Round, own: Mapping[str, Any] | None) -> int:
        """The page that follows: that of a service just opened, else the next one."""
        if service := self.said.get("opened"):
            asked = [name for name, _ in pages(voting, own)]
            return asked.index(service) + 1
        return self.page + 1


def pages(voting: Round, own: Mapping[str, Any] | None) -> list[Page]:
    """What this device is asked, page by page; empty before it named its department."""
    known = known_cells(voting, own["assessments"] if own else None)
    return [
        (service, criteria[at : at + MOST_ON_PAGE])
        for service, criteria in known.items()
        for at in range(0, len(criteria), MOST_ON_PAGE)
    ]


def page_of(voting: Round, own: Mapping[str, Any] | None, asked: str) -> str:
    """The page ``asked`` for by number: the choice of the department is 0, the last one is what was said.

    Whoever comes back without a number goes on where something is open.
    """
    all_pages = pages(voting, own)
    given = own["assessments"] if own else None
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else _reached(given, all_pages)  # noqa: PLR2004
    if own is None or not given or number == 0:
        return _departments(voting, own)
    if number > len(all_pages):
        return _end(voting, own["assessments"], all_pages)
    return _service(voting, own["assessments"], all_pages, number)


def sent(form: FormData, voting: Round) -> Sent | None:
    """What the form says; None where it is none of ours."""
    if "stelle" in form:
        return Sent({"department": str(form["stelle"])})
    if "dazu" in form:
        return Sent({"opened": str(form["dazu"])})
    number, service = str(form.get("seite", "")), str(form.get("leistung", ""))
    if not number.isdecimal() or len(number) > 4 or not service:  # noqa: PLR2004
        return None
    given: dict[str, float | None] = {}
    for criterion in voting.criteria:
        value = form.get(f"k-{criterion['id']}")
        if value is None:
            continue
        try:
            given[str(criterion["id"])] = None if value == UNKNOWN else float(str(value))
        except ValueError:
            return None
    return Sent({"given": {service: given}}, int(number))


def _reached(given: Mapping[str, Any] | None, all_pages: Sequence[Page]) -> int:
    """The first page with an open field behind the last one of which something was said; the end without one."""
    said = given["cells"] if given else {}
    begun = [
        place for place, (service, asked) in enumerate(all_pages) if set(asked) & set(said.get(service, {}))
    ]
    last = begun[-1] + 1 if begun else 0
    after = (*range(last, len(all_pages)), *range(last))
    still = (place for place in after if set(all_pages[place][1]) - set(said.get(all_pages[place][0], {})))
    return next(still, len(all_pages)) + 1


def _departments(voting: Round, own: Mapping[str, Any] | None) -> str:
    content = voting.assessing or {}
    chosen = own["assessments"]["department"] if own and own["assessments"] else ""
    options = "".join(
        f'<option value="{escape(name, quote=True)}"{" selected" if name == chosen else ""}>{escape(name)}</option>'
        for name in content["departments"]
    )
    count = german.count(len(content["cells"]), "Leistung", "Leistungen")
    return framed(
        "Einschätzen: Für welche Stelle?",
        f"""<p>Sie schätzen nur ein, was Ihre Stelle kennt; „weiß nicht“ ist immer möglich.
In dieser Runde geht es um {escape(count)}.</p>
<form method="post" action="{escape(voting.code, quote=True)}">
<label for="stelle" class="grau">Ihre Stelle</label>
<select id="stelle" name="stelle" required><option value="">bitte wählen</option>{options}</select>
<button type="submit">Weiter</button></form>
<p class="grau">Ohne Namen; ändern geht, solange die Runde läuft.</p>""",
        STYLE,
    )


def _service(voting: Round, own: Mapping[str, Any], all_pages: Sequence[Page], number: int) -> str:
    service, criteria = all_pages[number - 1]
    said, content = own["cells"].get(service, {}), voting.assessing or {}
    steps = content.get("steps", {}).get(service, {})
    fields = "".join(
        _ladder(criterion, said, steps.get(criterion["id"]))
        for criterion in voting.criteria
        if str(criterion["id"]) in criteria
    )
    last = number == len(all_pages)
    listed = content.get("listed", {}).get(service, "")
    known = f'<p class="grau">Laut Liste: {escape(str(listed))}</p>' if listed else ""
    return framed(
        str(content["services"][service]),
        f"""<p class="grau">{escape(own["department"])} · Seite {number} von {len(all_pages)}</p>
<progress value="{number}" max="{len(all_pages)}" aria-label="Seite {number} von {len(all_pages)}"></progress>{known}
<form method="post" action="{escape(voting.code, quote=True)}">
<input type="hidden" name="seite" value="{number}">
<input type="hidden" name="leistung" value="{escape(service, quote=True)}">{fields}
<button type="submit">{"Speichern und fertig" if last else "Speichern und weiter"}</button></form>
<p><a href="?seite={number - 1}">{"Zurück" if number > 1 else "Andere Stelle"}</a></p>""",
        STYLE,
    )


def _ladder(criterion: Mapping[str, Any], said: Mapping[str, Any], listed: float | None = None) -> str:
    """One criterion: its steps by name, "weiß nicht" apart; what was not chosen yet has no mark.

    The step that a list gives says so; chosen is it by nobody yet.
    """
    name = escape(str(criterion["id"]), quote=True)
    chosen = said.get(criterion["id"], "") if criterion["id"] in said else ""
    steps = [
        (str(float(level["value"])), f"{level['label']}{LISTED if float(level['value']) == listed else ''}")
        for level in criterion["levels"]
    ]
    marked = UNKNOWN if chosen is None else str(float(chosen)) if chosen != "" else ""
    rows = "".join(
        f'<label class="stufe{" grau" if value == UNKNOWN else ""}"><input type="radio" name="k-{name}" '
        f'value="{value}"{" checked" if value == marked else ""}> <span>{escape(label)}</span></label>'
        for value, label in [*steps, (UNKNOWN, "weiß nicht")]
    )
    return f"<fieldset><legend>{escape(str(criterion['label']))}</legend>{rows}</fieldset>"


def _end(voting: Round, own: Mapping[str, Any], all_pages: Sequence[Page]) -> str:
    """What was said so far, the way back to what is open, and other services that this department knows."""
    content = voting.assessing or {}
    names = content["services"]
    given = [value for values in own["cells"].values() for value in values.values()]
    asked = sum(len(criteria) for _, criteria in all_pages)
    unknown = sum(value is None for value in given)
    open_pages = [
        f'<li><a href="?seite={number}">{escape(str(names[service]))}</a></li>'
        for number, (service, criteria) in enumerate(all_pages, 1)
        if set(criteria) - set(own["cells"].get(service, {}))
    ]
    left = f"<p>Noch offen:</p><ul>{''.join(open_pages[:8])}</ul>" if open_pages else ""
    known = {service for service, _ in all_pages}
    others = "".join(
        f'<option value="{escape(service, quote=True)}">{escape(str(names[service]))}</option>'
        for service in content["cells"]
        if service not in known
    )
    more = (
        f"""<form method="post" action="{escape(voting.code, quote=True)}"><fieldset>
<legend>Kennen Sie noch eine Leistung?</legend>
<select name="dazu" aria-label="Weitere Leistung" required><option value="">bitte wählen</option>{others}</select>
<button type="submit">Einschätzen</button></fieldset></form>"""
        if others
        else ""
    )
    count = german.count(asked, "Feld", "Feldern")
    return framed(
        "Gespeichert" if given else "Noch keine Einschätzung",
        f"""<p role="status" class="gut">{escape(own["department"])}: {len(given) - unknown} von {escape(count)}
eingeschätzt, {unknown} „weiß nicht“.</p>{left}{more}
<p class="grau"><a href="?seite=1">Antworten ändern</a> · <a href="?seite=0">Andere Stelle</a></p>""",
        STYLE,
    )
