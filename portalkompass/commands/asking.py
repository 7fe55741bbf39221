"""Any screen's answer without a browser: the command ``ask``, and the same as tools of an MCP server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portalkompass.commands.opening import Demo, NoData, as_no_data, open_warehouse, write, write_json
from portalkompass.screens.catalogue import SCREENS

if TYPE_CHECKING:
    from portalkompass.answers import Answer
    from portalkompass.answers.base.question import Question
    from portalkompass.screens.requests import Options, Request


class AskFormat(StrEnum):
    """How an answer is written."""

    json = "json"
    csv = "csv"
    md = "md"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with what it was asked of."""

    request: Request
    question: Question
    answer: Answer

    def as_json(self) -> dict[str, Any]:
        """The JSON shape of the command, see docs/handbuch.md."""
        from portalkompass.screens.answer_json import as_json

        return as_json(self.request, self.answer, self.question)


def _text(name: str, help_text: str) -> Any:  # noqa: ANN401 typer's own marker
    return typer.Option(f"--{name}", help=help_text)


def ask(
    screen: Annotated[
        str, typer.Argument(help="Ansicht, wie sie in der Adresse steht.", metavar="ANSICHT")
    ] = "",
    form: Annotated[AskFormat, typer.Option("--format", help="json, csv oder md.")] = AskFormat.json,
    listed: Annotated[bool, typer.Option("--list", help="Ansichten und ihre Filter nennen.")] = False,
    link: Annotated[str, _text("link", "Kopierte Adresse statt Ansicht und Filtern.")] = "",
    exhibit: Annotated[str, _text("exhibit", "Für csv: welche Tabelle oder welches Diagramm.")] = "",
    view: Annotated[str, _text("view", "Teil der Ansicht.")] = "",
    site: Annotated[str, _text("site", "Property.")] = "",
    from_: Annotated[str, _text("from", "Erster Tag, JJJJ-MM-TT.")] = "",
    to: Annotated[str, _text("to", "Letzter Tag, JJJJ-MM-TT.")] = "",
    compare: Annotated[str, _text("compare", "year, previous, free oder none.")] = "",
    compare_from: Annotated[str, _text("compare-from", "Erster Tag eines freien Vergleichs.")] = "",
    compare_to: Annotated[str, _text("compare-to", "Letzter Tag eines freien Vergleichs.")] = "",
    grain: Annotated[str, _text("grain", "day, week oder month.")] = "",
    type_: Annotated[str, _text("type", "Suchtyp: web, image, video, news, discover.")] = "",
    kind: Annotated[str, _text("kind", "Art der Seite: leistungen, aemter, start, sonstige.")] = "",
    page: Annotated[str, _text("page", "Adresse einer Seite im Einzelnen.")] = "",
    service: Annotated[str, _text("service", "Kennung einer Leistung im Einzelnen.")] = "",
    since: Annotated[str, _text("since", "Tag des Ereignisses (Wirkung).")] = "",
    scenario: Annotated[str, _text("scenario", "Szenario (Priorisierung).")] = "",
    query: Annotated[str, _text("query", "Eine Suchanfrage im Einzelnen.")] = "",
    device: Annotated[str, _text("device", "MOBILE, DESKTOP oder TABLET.")] = "",
    country: Annotated[str, _text("country", "Land, drei Buchstaben (deu).")] = "",
    page_contains: Annotated[str, _text("page-contains", "Seiten, deren Adresse das enthält.")] = "",
    page_is: Annotated[str, _text("page-is", "Genau diese Adresse.")] = "",
    page_regex: Annotated[str, _text("page-regex", "Seiten nach RE2-Muster.")] = "",
    query_contains: Annotated[str, _text("query-contains", "Suchanfragen, die das enthalten.")] = "",
    query_is: Annotated[str, _text("query-is", "Genau diese Suchanfrage.")] = "",
    query_regex: Annotated[str, _text("query-regex", "Suchanfragen nach RE2-Muster.")] = "",
    brand: Annotated[str, _text("brand", "with oder without: mit oder ohne Stadtnamen.")] = "",
    demo: Demo = False,
) -> None:
    """Antwort einer Ansicht als JSON, CSV oder Markdown; Filter wie in der Adresse."""
    if listed:
        write_json(screens())
        return
    if not screen and not link:
        raise typer.BadParameter("Es fehlt die Ansicht (oder --link ADRESSE); --list nennt alle.")
    from portalkompass.screens.requests import Options

    options = Options(
        view=view, site=site, from_=from_, to=to, compare=compare, compare_from=compare_from, compare_to=compare_to,
        grain=grain, type=type_, kind=kind, page=page, service=service, since=since, scenario=scenario, query=query,
        device=device, country=country, page_contains=page_contains, page_is=page_is, page_regex=page_regex,
        query_contains=query_contains, query_is=query_is, query_regex=query_regex, brand=brand,
    )  # fmt: skip
    answered = answered_for(screen, options, link=link, demo=demo)
    if form is AskFormat.json:
        write_json(answered.as_json())
    elif form is AskFormat.md:
        from portalkompass.screens.answer_json import as_markdown

        write(as_markdown(answered.answer))
    else:
        write(_csv(answered.answer, exhibit))


def screens() -> list[dict[str, Any]]:
    """Every screen with its views, their filters and what they show."""
    return [
        {
            "screen": screen.slug,
            "title": screen.title,
            "views": [
                {"view": view.slug, "title": view.title, "filters": sorted(view.filters)}
                for view in screen.views
                if view.topic
            ],
        }
        for screen in SCREENS
    ]


def answered_for(slug: str, options: Options, *, link: str = "", demo: bool = False) -> Answered:
    """The answer of a screen.

    Raises:
        RequestFault: the screen cannot be asked so; NoData: nothing is loaded, or not on this engine.
        SettingsError, WarehouseError: with a German sentence.
    """
    from portalkompass.answers.base.question import ask as question_of
    from portalkompass.screens.requests import from_address, request_of
    from portalkompass.workspace import WorkspaceError, workspace_of

    warehouse, settings = open_warehouse(demo)
    with as_no_data(WorkspaceError):
        workspace = workspace_of(settings)
        if link:
            slug, options = from_address(link, warehouse, workspace, settings)
        request = request_of(slug, options, warehouse, settings)
        if settings.distributed and not request.screen.on_a_lake:
            raise NoData(f"„{request.screen.title}“ ist auf dieser Datenbasis (Spark) nicht verfügbar.")
        question = question_of(warehouse, workspace, request.filters, settings)
        return Answered(request, question, request.answer(question))


def _csv(answer: Answer, name: str) -> bytes:
    """One exhibit as the app exports it.

    Raises:
        BadParameter: it has to be told which one.
    """
    from portalkompass.exports import files

    by_name = {exhibit.id: exhibit for exhibit in answer.exhibits}
    if not by_name:
        raise NoData(answer.message)
    if name not in by_name and (name or len(by_name) > 1):
        raise typer.BadParameter(f"csv braucht --exhibit mit einem von: {', '.join(by_name)}.")
    return files.make(by_name[name or next(iter(by_name))], files.format_of("csv"))
