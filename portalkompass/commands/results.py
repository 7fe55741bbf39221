"""Figures, ranking and the check of a template: results without a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from portalkompass.commands.opening import (
    Demo,
    NoData,
    as_no_data,
    day,
    filters_of,
    open_warehouse,
    write,
    write_json,
)
from portalkompass.settings import load_settings

if TYPE_CHECKING:
    from portalkompass.answers.base.question import Question

FirstDay = Annotated[str, typer.Option("--from", help="Erster Tag, JJJJ-MM-TT.")]
LastDay = Annotated[str, typer.Option("--to", help="Letzter Tag, JJJJ-MM-TT.")]
NOTHING_PENDING = (
    "Es gibt keine anstehenden Leistungen zu reihen. "
    "Nächster Schritt: „python -m etl import data/ozg_services.csv“."
)


def figures(
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben.")] = False,
    first: FirstDay = "",
    last: LastDay = "",
    demo: Demo = False,
) -> None:
    """Kennzahlen, Position je Monat, Top-Seiten und Status der OZG-Leistungen."""
    start, end = day(first, "--from"), day(last, "--to")
    warehouse, settings = open_warehouse(demo)
    filters = filters_of(warehouse, settings, start, end)
    from portalkompass.answers.overview.figures import figures as compute

    result = compute(warehouse, filters, settings)
    if as_json:
        write_json(result)
    else:
        from portalkompass.commands.printing import print_figures

        print_figures(result, filters, settings)


def ranking(
    scenario: Annotated[
        str, typer.Option("--scenario", help="Mitgeliefertes oder gespeichertes Szenario.")
    ] = "",
    form: Annotated[
        Literal["csv", "json", "xlsx"] | None,
        typer.Option("--format", help="csv, json oder xlsx statt der Tabelle."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="In diese Datei statt auf die Ausgabe.")] = None,
    demo: Demo = False,
) -> None:
    """Reihenfolge der anstehenden OZG-Leistungen je Bahn."""
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise typer.BadParameter("--format xlsx braucht --out DATEI.")
    if form is None and out is not None:
        raise typer.BadParameter("--out braucht --format csv, json oder xlsx.")
    warehouse, settings = open_warehouse(demo)
    from portalkompass.answers.workshop.decision import ranking_rows
    from portalkompass.answers.workshop.ranking_export import ranked, ranking_exhibit
    from portalkompass.prioritisation import PrioritisationError
    from portalkompass.workspace import WorkspaceError

    with as_no_data(PrioritisationError, WorkspaceError):
        question, decision = ranked(warehouse, settings, scenario or None)
    if decision.ranking.empty:
        raise NoData(NOTHING_PENDING)
    if form == "json":
        write_json(ranking_rows(decision), out)
    elif form is not None:
        from portalkompass.exports import files

        write(files.make(ranking_exhibit(question, decision), files.format_of(form)), out)
    else:
        from portalkompass.commands.printing import print_ranking

        print_ranking(ranking_exhibit(question, decision))


def plan(
    workshop: Annotated[
        str, typer.Option("--workshop", help="Mitgeliefertes oder gespeichertes Szenario.")
    ] = "",
    form: Annotated[
        Literal["csv", "json"] | None, typer.Option("--format", help="csv oder json statt der Sätze.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="In diese Datei statt auf die Ausgabe.")] = None,
    paper: Annotated[
        Path | None,
        typer.Option(
            "--paper", help="Prüfunterlage für die Rechnungsprüfung in diese Datei: .docx oder .pdf."
        ),
    ] = None,
    demo: Demo = False,
) -> None:
    """Der Jahresplan: welche Leistungen in welchem Quartal live gehen, und wie sicher das ist."""
    if paper is not None and (form is not None or out is not None):
        raise typer.BadParameter("--paper schreibt eine eigene Datei, ohne --format und --out.")
    if paper is not None and paper.suffix.lower() not in (".docx", ".pdf"):
        raise typer.BadParameter("--paper braucht eine Datei auf .docx oder .pdf.")
    if form is None and out is not None:
        raise typer.BadParameter("--out braucht --format csv oder json.")
    warehouse, settings = open_warehouse(demo)
    from portalkompass.answers.workshop import plan as planning
    from portalkompass.answers.workshop.decision import basis, weighed
    from portalkompass.answers.workshop.planning import plan_rows
    from portalkompass.answers.workshop.ranking_export import ranked
    from portalkompass.prioritisation import PrioritisationError
    from portalkompass.workspace import WorkspaceError

    with as_no_data(PrioritisationError, WorkspaceError):
        question, decision = ranked(warehouse, settings, workshop or None)
        if decision.ranking.empty:
            raise NoData(NOTHING_PENDING)
        if paper is not None:  # solves a plan of its own, without what each waiting service lacks
            _write_audit_paper(question, workshop or None, paper)
            return
        base = basis(question, workshop or None)
        made = planning.planned(question, weighed(base), planning.kept_plan(base))
    if form == "json":
        write_json(planning.plan_list(made), out)
    elif form == "csv":
        from portalkompass.exports import files

        write(files.make(plan_rows.service_table(question, made), files.format_of(form)), out)
    else:
        typer.echo(plan_rows.message(made))
        for entry in planning.plan_list(made):
            typer.echo(f"{entry['quarter'] or '–':8} {entry['name']}")


def _write_audit_paper(question: Question, workshop: str | None, paper: Path) -> None:
    """The scenario's paper, with the vote it stands on and its decisions."""
    from portalkompass.answers.workshop.audit_paper import audit_paper
    from portalkompass.answers.workshop.meeting.votes import votes_of
    from portalkompass.answers.workshop.prioritisation import ground
    from portalkompass.exports.files import paper_file
    from portalkompass.exports.images.image_worker import ImageFault
    from portalkompass.exports.papers.content import NotOnPaper
    from portalkompass.workspace import decisions

    measured = ground(question, workshop)
    kept = measured.basis.kept
    resolved = decisions(question.workspace, kept.id) if kept else []
    votes = votes_of(question, kept.id, full=True) if kept else None
    settings = question.settings
    with as_no_data(ImageFault, NotOnPaper):
        slides = audit_paper(measured, measured.weighed(None), resolved, votes)
        form: Literal["docx", "pdf"] = "docx" if paper.suffix.lower() == ".docx" else "pdf"
        content = paper_file(slides, form, author=settings.city.name, template=settings.word.template)
    write(content, paper)
    typer.echo(f"{paper} geschrieben.")


def template(
    file: Annotated[
        str,
        typer.Argument(
            help="Die Vorlage (.pptx, .potx); ohne Angabe die der Einstellungen.", metavar="DATEI"
        ),
    ] = "",
) -> None:
    """Vorlage für Folien prüfen: welche Layouts benutzt werden und was in welchem nicht passt."""
    from portalkompass.exports.slides.template import Look
    from portalkompass.exports.slides.template_check import check

    own = load_settings().slides.model_dump()
    checked = check(Look(**(own | {"template": file} if file else own)))
    for layout in checked.layouts:
        used = f" [{layout.used_for}]" if layout.used_for else ""
        typer.echo(f"{layout.name}{used}: frei {layout.room}{'' if layout.usable else ', nicht verwendbar'}")
        for sentence in layout.sentences:
            typer.echo(f"  {sentence}")
    if checked.fault:
        raise NoData(checked.fault)
