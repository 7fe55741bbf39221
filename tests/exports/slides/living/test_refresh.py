"""Decks edited at random and brought up to date: nothing that a person did is lost, every other number is today's."""

import dataclasses
import datetime as dt
import io
import os
import random
import shutil
import subprocess
import zipfile

import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator
from pptx import Presentation

from portalkompass import german
from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.slides.living import origin
from portalkompass.exports.slides.living.opening import NotLiving, opened
from portalkompass.exports.slides.living.origin import Origin
from portalkompass.exports.slides.living.refresh import refreshed
from portalkompass.slide_set import SlideSet, Words
from tests.charts import sample_exhibits as samples
from tests.exports.slides.living import edits

DECKS = int(os.environ.get("EDITED_DECKS", "10"))
ADDRESS, THEN, TODAY = "bericht?zeitraum=12-monate", "20251215T060000Z", "20260115T060000Z"
DAY = dt.date(2025, 12, 15)


def table(rows, factor):
    frame = pd.DataFrame({"title": [f"Leistung {n}" for n in rows], "clicks": [n * factor for n in rows]})
    fields = (Field("title", "Leistung"), Field("clicks", "Klicks", "integer"))
    return dataclasses.replace(samples.exhibit("table", frame, fields), id="lists")


def drawn():
    """Every kind of exhibit; all headlines but that of the first have words enough to mark one."""
    first, *others = samples.EVERY_KIND
    return [
        first,
        *(
            dataclasses.replace(one, headline=f"Die Seite {one.id} hat 120 Klicks").marked(
                one.highlightable[:1], "Eine Bemerkung mit 120"
            )
            for one in others
        ),
    ]


def grown(exhibit):
    """The exhibit with every figure a little larger, and words that say so; bars stand in another order."""
    frame = exhibit.frame.copy()
    if exhibit.kind in ("bar", "stacked_bar"):
        frame = frame.iloc[::-1].reset_index(drop=True)
    for field in exhibit.fields:
        if field.numeric:
            frame[field.name] = frame[field.name] * 1.5 + 1
    texts = {
        "headline": f"{exhibit.headline.replace('120', '181')} heute",
        "alt": "Heute",
        "subtitle": "Untertitel von heute",
    }
    return dataclasses.replace(exhibit, frame=frame, data_date=dt.date(2026, 1, 15), **texts)


def before():
    words = Words("words", "Was gilt", ("Erstens 12.", "Zweitens 7."), "Q", DAY)
    return SlideSet(
        "Sachstand",
        ("Stadt", "Datenstand: 15.12.2025"),
        (*drawn(), table(range(30), 7), words),
        DAY,
    )


def after():
    pages = [
        *map(grown, drawn()),
        dataclasses.replace(table([*range(5), *range(9, 36)], 11), headline="H heute"),
    ]
    words = Words("words", "Was heute gilt", ("Erstens 13.", "Zweitens 8.", "Drittens 1."), "Q", DAY)
    return SlideSet("Sachstand", ("Stadt", "Datenstand: 15.01.2026"), (*pages, words), DAY)


@pytest.fixture(scope="module")
def decks(worker):
    then = files.deck_file(before(), worker=worker, origin=Origin(ADDRESS, THEN))
    return then, files.deck_file(after(), worker=worker, origin=Origin(ADDRESS, TODAY))


def texts(content):
    """What every shape of ours says, by page, role and number, tables with all their rows in one."""
    said = {}
    for _, shape in edits.shapes(Presentation(io.BytesIO(content))):
        tag = origin.read(shape)
        said[tag.key] = (
            [[c.text_frame.text for c in r.cells] for r in shape.table.rows]
            if tag.role == "table"
            else origin.content(shape)
        )
    return said


def test_an_untouched_deck_says_afterwards_what_todays_deck_says(decks, tmp_path):
    then, today = decks
    made = refreshed(opened(then), {ADDRESS: today}, TODAY)
    found, expected = texts(made.content), texts(today)
    tables = [
        [row for key, rows in sorted(said.items()) if key[1] == "table" for row in rows[1:]]
        for said in (found, expected)
    ]
    assert tables[0] == tables[1]
    without = [
        {k: v for k, v in said.items() if k[1] != "table" and not k[0].startswith("lists")}
        for said in (found, expected)
    ]
    assert without[0] == without[1]
    tags = [origin.read(shape) for _, shape in edits.shapes(Presentation(io.BytesIO(made.content)))]
    assert {tag.origin for tag in tags} == {Origin(ADDRESS, TODAY)}
    assert not [change for change in made.changes if change.kept]
    again = refreshed(opened(made.content), {ADDRESS: today}, TODAY)
    assert again.changes == ()
    path = tmp_path / "refreshed.pptx"
    path.write_bytes(made.content)
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors[:3]


def test_a_deck_with_two_charts_a_slide_is_brought_up_to_date_with_as_many(worker):
    bands, bars = samples.bands(), samples.bars()
    then, today = (
        dataclasses.replace(before(), pages=pages) for pages in ((bands, bars), (grown(bands), grown(bars)))
    )
    edited = files.deck_file(then, worker=worker, origin=Origin(ADDRESS, THEN), two=True)
    asked = []
    made, changes = files.refreshed_deck(
        edited, lambda address: asked.append(address) or today, TODAY, worker=worker
    )
    assert asked == [ADDRESS]
    assert not [change for change in changes if change.kept]
    fresh = files.deck_file(today, worker=worker, origin=Origin(ADDRESS, TODAY), two=True)
    assert texts(made) == texts(fresh)
    assert len(edits.shapes(Presentation(io.BytesIO(made)), "chart")) == 2


def test_figures_of_refreshed_charts_are_those_of_the_exhibits(decks):
    then, today = decks
    deck = Presentation(io.BytesIO(refreshed(opened(then), {ADDRESS: today}, TODAY).content))
    charts = {origin.read(shape).page: shape.chart for _, shape in edits.shapes(deck, "chart")}
    bars = grown(samples.bars())
    assert list(charts["probe-bar"].plots[0].series[0].values) == list(bars.frame["clicks"])
    trend = grown(samples.trend()).frame
    values = [value for series in charts["probe-line"].plots[0].series for value in series.values]
    assert [value for value in values if value is not None] == list(trend["position"].dropna())
    slope = "".join(charts["probe-slope"]._chartSpace.xpath(".//a:t/text()"))
    assert all(german.value(value, "decimal1") in slope for value in grown(samples.slope()).frame["position"])


@pytest.mark.parametrize("seed", range(DECKS))
def test_nothing_that_a_person_did_is_lost_and_all_else_is_of_today(decks, seed):
    then, today = decks
    chance, deck = random.Random(seed), Presentation(io.BytesIO(then))
    made = [edit(deck, chance) for edit in chance.choices(edits.EDITS, k=chance.randint(3, 12))]
    deletions = [edit(deck, chance) for edit in chance.choices(edits.LAST, k=chance.randint(0, 2))]
    file = io.BytesIO()
    deck.save(file)
    edited = Presentation(io.BytesIO(file.getvalue()))
    checks = [check for check in made if check is not None and holds(check, edited)]
    checks += [check for check in deletions if check is not None]
    content = refreshed(opened(file.getvalue()), {ADDRESS: today}, TODAY).content
    after_all = Presentation(io.BytesIO(content))
    assert all(check(after_all) for check in checks)
    assert outlines(after_all) == outlines(edited)
    judge(edited, after_all, texts(today))


def holds(check, deck):
    """Whether the edit is still there before anything is brought up to date: a later edit may have taken its shape."""
    try:
        return check(deck)
    except (StopIteration, IndexError, AttributeError, ValueError):
        return False


def outlines(deck):
    """Slides in order, with ids and places of all their shapes."""
    return [
        [slide.slide_id, *((shape.shape_id, shape.left, shape.top, shape.width) for shape in slide.shapes)]
        for slide in deck.slides
    ]


def judge(edited, after_all, today):
    """Each shape of ours: as it was where it was edited by hand, else of today."""
    for (_, old), (_, new) in zip(edits.shapes(edited), edits.shapes(after_all), strict=True):
        tag = origin.read(old)
        by_hand = origin.hash_of(origin.content(old)) != tag.content
        if by_hand:
            assert origin.content(new) == origin.content(old)
        elif tag.role == "table":
            everything = {tuple(row) for key, rows in today.items() if key[:2] == tag.key[:2] for row in rows}
            assert {tuple(cell.text_frame.text for cell in row.cells) for row in new.table.rows} <= everything
        elif tag.page != "lists":
            assert origin.content(new) == today[tag.key]


def test_a_headline_edited_by_hand_is_kept_and_named_where_its_numbers_changed(decks):
    then, today = decks
    deck = Presentation(io.BytesIO(then))
    slide = deck.slides[1]
    slide.shapes.title.text_frame.text = "Meine Überschrift"
    file = io.BytesIO()
    deck.save(file)
    made = refreshed(opened(file.getvalue()), {ADDRESS: today}, TODAY)
    assert made.deck.slides[1].shapes.title.text_frame.text == "Meine Überschrift"
    kept = [str(change) for change in made.changes if change.kept]
    assert kept == ["Folie 2: Überschrift von Hand geändert und belassen; heute stünde dort: „H heute“"]
    twice = refreshed(opened(made.content), {ADDRESS: today}, TODAY)
    assert [str(change) for change in twice.changes] == kept


def test_placeholders_that_a_program_renames_are_known_again(decks):
    """LibreOffice calls every title and notes "PlaceHolder 1"."""
    then, today = decks
    deck = Presentation(io.BytesIO(then))
    for slide in deck.slides:
        for shape in [*slide.placeholders, *slide.notes_slide.placeholders]:
            shape.name = "PlaceHolder 1"
    file = io.BytesIO()
    deck.save(file)
    made = refreshed(opened(file.getvalue()), {ADDRESS: today}, TODAY)
    titles = [slide.shapes.title.text_frame.text for slide in made.deck.slides]
    assert titles[1] == "H heute"
    assert (
        "Datenstand: 15.01.2026" in [shape.text_frame.text for shape in made.deck.slides[0].placeholders][1]
    )


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_deck_that_libreoffice_saved_is_brought_up_to_date_as_a_whole(decks, tmp_path):
    then, today = decks
    (tmp_path / "deck.pptx").write_bytes(then)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    wanted = ("--convert-to", "pptx", "--outdir", str(tmp_path / "saved"))
    command = ["soffice", "--headless", profile, *wanted, str(tmp_path / "deck.pptx")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    saved = opened((tmp_path / "saved" / "deck.pptx").read_bytes())
    made = refreshed(saved, {ADDRESS: today}, TODAY)
    assert not [change for change in made.changes if change.kept]
    # LibreOffice drops the alternative texts of charts and tables.
    assert all(origin.alt(shape) for role in ("chart", "table") for _, shape in edits.shapes(made.deck, role))
    found, expected = texts(made.content), texts(today)
    compared = [key for key in found if key[1] != "table" and key[0] != "lists"]
    assert {key[1] for key in compared} >= {"title", "subtitle", "source", "chart", "picture", "text"}
    assert [key for key in compared if found[key] != expected[key]] == []


def test_the_list_of_changes_stands_on_a_slide_on_request(decks, worker):
    content, changes = files.refreshed_deck(decks[0], lambda _: after(), TODAY, worker=worker, told=True)
    slides = list(Presentation(io.BytesIO(content)).slides)
    told = [
        paragraph.text
        for slide in slides
        for shape in slide.shapes
        if shape.name.startswith("Änderungen")
        for paragraph in shape.text_frame.paragraphs
    ]
    assert told == [str(change) for change in changes]
    assert slides[-1].shapes.title.text_frame.text.startswith("Was sich geändert hat")


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * (60 * 2**20))
    return file.getvalue()


def without(content, part):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return file.getvalue()


def test_what_is_no_deck_of_ours_is_refused_with_a_sentence(decks, worker):
    foreign = io.BytesIO()
    Presentation().save(foreign)
    damaged = bytearray(decks[0])
    damaged[len(damaged) // 2] ^= 0xFF
    refused = {
        b"": "keine unversehrte",
        b"PK\x03\x04 nothing": "keine unversehrte",
        bytes(damaged): "keine unversehrte",
        decks[0][: len(decks[0]) // 2]: "keine unversehrte",
        without(decks[0], "ppt/presentation.xml"): "keine unversehrte",
        without(decks[0], "ppt/slides/slide2.xml"): "keine unversehrte",
        bomb(): "entpackt größer",
        foreign.getvalue(): "nichts, was aus dem Portalkompass stammt",
    }
    for content, why in refused.items():
        with pytest.raises(NotLiving, match=why):
            files.refreshed_deck(content, lambda _: after(), TODAY, worker=worker)


def test_names_that_only_look_like_origins_are_somebody_elses(decks):
    deck = Presentation(io.BytesIO(decks[0]))
    shape = deck.slides[1].shapes[1]
    for name in ("X {pk1 a b}", "X {pk1 a chart x/y 1 2 3 4}", "X {pk1 a chart 1/1 1 2 3 4 5 6 7 8 9 10}"):
        shape.name = name
        assert origin.read(shape) is None


def test_a_name_of_ours_on_another_shape_changes_nothing(decks):
    """Tags that somebody wrote behind the names of shapes of another kind, and linked pictures."""
    then, today = decks
    deck = Presentation(io.BytesIO(then))
    tags = {tag.role: shape.name for _, shape in edits.shapes(deck) if (tag := origin.read(shape))}
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    for role in ("chart", "table", "picture", "source"):
        box = slide.shapes.add_textbox(0, 0, 99, 99)
        box.text_frame.text = "Eigenes"
        box.name = tags[role]
    picture = next(shape for _, shape in edits.shapes(deck, "picture"))
    blip = picture._element.blipFill.blip
    del blip.attrib["{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"]
    file = io.BytesIO()
    deck.save(file)
    made = refreshed(opened(file.getvalue()), {ADDRESS: today}, TODAY)
    told = [shape.text_frame.text for shape in made.deck.slides[-1].shapes if shape.name in tags.values()]
    assert told.count("Eigenes") == 3
