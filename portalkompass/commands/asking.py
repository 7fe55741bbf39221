"""Any screen's answer without a browser: the command ``ask``, and the same as tools of an MCP server."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from portalkompass.answers import Answer
from portalkompass.answers.asking import ask as question_of
from portalkompass.answers.base.question import Question
from portalkompass.commands.opening import Demo, NoData, as_no_data, open_warehouse, write, write_json
from portalkompass.screens.catalogue import SCREENS
from portalkompass.screens.requests import Options, Request, from_address, request_of


def _with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each of ``Options`` in the place of ``**filters``, as typer reads signatures."""
    *own, demo, _ = inspect.signature(command, eval_str=True).parameters.values()
    filters = []
    for name, field in Options.fields_by_name().items():
        annotation = Annotated[str, typer.Option(f"--{name}", help=field.metadata["help"])]
        filters.append(own[0].replace(name=field.name, annotation=annotation, default=""))
    command.__signature__ = inspect.Signature([*own, *filters, demo])  # type: ignore[attr-defined]
    return command


@_with_filters
def ask(
    screen: Annotated[
        str, typer.Argument(help="Ansicht, wie sie in der Adresse steht.", metavar="ANSICHT")
    ] = "",
    form: Annotated[
        Literal["json", "csv", "md"], typer.Option("--format", help="json, csv oder md.")
    ] = "json",
    listed: Annotated[bool, typer.Option("--list", help="Ansichten und ihre Filter nennen.")] = False,
    link: Annotated[str, typer.Option("--link", help="Kopierte Adresse statt Ansicht und Filtern.")] = "",
    exhibit: Annotated[
        str, typer.Option("--exhibit", help="Für csv: welche Tabelle oder welches Diagramm.")
    ] = "",
    notes: Annotated[bool, typer.Option("--notes", help="Für csv: Angaben zur Tabelle im Kopf.")] = False,
    demo: Demo = False,
    **filters: str,
) -> None:
    """Antwort einer Ansicht als JSON, CSV oder Markdown; Filter wie in der Adresse."""
    if listed:
        write_json(screens())
        return
    if not screen and not link:
        raise typer.BadParameter("Es fehlt die Ansicht (oder --link ADRESSE); --list nennt alle.")
    from portalkompass.screens.answer_json import as_json, as_markdown

    request, question, answer = answered_for(screen, Options(**filters), link=link, demo=demo)
    if form == "json":
        write_json(as_json(request, question, answer))
    elif form == "md":
        write(as_markdown(answer))
    else:
        write(_csv(answer, exhibit, notes=notes))


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


def answered_for(
    slug: str, options: Options, *, link: str = "", demo: bool = False
) -> tuple[Request, Question, Answer]:
    """The answer of a screen, behind the request and the question it was asked with.

    Raises:
        RequestFault: the screen cannot be asked so; NoData: nothing is loaded, or not on this engine.
        SettingsError, WarehouseError: with a German sentence.
    """
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
        return request, question, request.answer(question)


def _csv(answer: Answer, name: str, *, notes: bool) -> bytes:
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
    return files.make(by_name[name or next(iter(by_name))], files.format_of("csv"), notes=notes)
