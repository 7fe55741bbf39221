"""How charts and slides of the small city look, as plain data that can be compared and committed.

``make look`` writes what is there today to ``tests/charts/look/``; ``test_look`` compares with it. A chart is its
Vega-Lite specification, a slide its shapes with place and text and the XML of its charts, a picture its pixels
in a coarse grid of greys. Long rows of data are cut: figures are the business of other tests.
"""

import io
import json
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

from PIL import Image
from pptx import Presentation

from portalkompass import charts
from portalkompass.answers.report import report
from portalkompass.charts import theme
from portalkompass.exhibit import Exhibit
from portalkompass.exports import files
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.screens import SCREENS, screen_of
from portalkompass.slide_set import SlideSet
from tests.answers.conftest import open_house
from tests.charts import sample_exhibits
from tests.warehouse_fixture import LAST, SITE, publish, settings_for

FOLDER = Path(__file__).parent / "look"
SHOWN_ROWS = 8
"""Rows of data at either end that a look keeps."""
IN_DETAIL = {
    "page_detail": {"url": SITE + "leistung/hundesteuer"},
    "query_detail": {"query": "hund anmelden"},
    "service_detail": {"service": "hundesteuer"},
}
GRID = (96, 60)
"""Cells of a picture's grid, across and down."""
NOTICED = 12
"""Difference in grey (of 255) from which a cell is seen to have changed."""
REPORT, KINDS = "bericht", "kinds"
ROOMS = (KINDS, *(screen.slug for screen in SCREENS))
CLOCK = re.compile(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d Uhr")


class City:
    """The small city with its workspace, asked with the default filters."""

    def __init__(self, folder):
        settings = settings_for(folder)
        publish(settings)
        self.house = open_house(settings)
        self._asked = {}

    def answer(self, function, **keywords):
        """What the function says about the city."""
        return self.house.ask(SimpleNamespace(answer=function), further=keywords)

    def exhibits(self, room):
        """What the screen shows in all views and details, by ``screen/view/exhibit``; each answer once."""
        if room not in self._asked:
            self._asked[room] = self._exhibits(room)
        return self._asked[room]

    def _exhibits(self, room):
        if room == KINDS:
            return kinds()
        if room == REPORT:
            pages = self.report().pages
            return {f"{REPORT}/{page.id}": page for page in pages if isinstance(page, Exhibit)}
        screen = screen_of(room)
        parts = {
            (view.topic.id, *view.keywords.values()): (view.slug, view.topic, view.keywords)
            for view in reversed(screen.views)
            if view.topic
        } | {topic.id: (topic.id, topic, IN_DETAIL[topic.id]) for topic in screen.details.values()}
        shown = {}
        for name, topic, keywords in parts.values():
            answer = self.answer(topic.load(), **keywords)
            shown |= {f"{screen.slug}/{name}/{exhibit.id}": exhibit for exhibit in answer.exhibits}
        return shown

    def report(self):
        """The standard report, which is what the screen Bericht shows."""
        return self.answer(report.slides)


def kinds():
    """One small exhibit of every kind of chart there is."""
    return {f"{KINDS}/{exhibit.kind}": exhibit for exhibit in sample_exhibits.EVERY_KIND}


def chart_looks(exhibits):
    """The specification of every exhibit that is a chart, but for the theme that all of them have."""
    return {
        name: _chart(exhibit)
        for name, exhibit in exhibits.items()
        if exhibit.kind != "table" and not exhibit.frame.empty
    }


def slide_looks(exhibits):
    """The slides of every exhibit that may become one."""
    return {
        name: slides_of(SlideSet("", (), (exhibit,), LAST))[1:]
        for name, exhibit in exhibits.items()
        if not exhibit.names_queries and not exhibit.frame.empty
    }


def report_look(slides):
    """The report's slides in order, each under its number."""
    return {f"{REPORT}/{number:02}": slide for number, slide in enumerate(slides_of(slides), start=1)}


def slides_of(slides):
    """All slides of a presentation. Where a picture is needed its place counts, not what it shows."""
    deck = Presentation(io.BytesIO(files.deck_file(slides)))
    return [_slide(slide) for slide in deck.slides]


def png(exhibit, worker):
    """The picture that the app exports."""
    return files.make(exhibit, files.format_of("png"), worker=worker)


def picture_look(png):
    """The drawing as rows of a coarse grid, each cell's mean grey from 00 (black) to ff (white)."""
    greys = Image.open(io.BytesIO(png)).convert("L").resize(GRID, Image.Resampling.BOX).tobytes()
    return [greys[start : start + GRID[0]].hex() for start in range(0, len(greys), GRID[0])]


def changed_cells(seen, committed):
    """Cells, as (across, down), whose grey is another one; letters that sit a pixel aside do not count."""
    return [
        (across, down)
        for down, rows in enumerate(zip(seen, committed, strict=True))
        for across, greys in enumerate(zip(*map(bytes.fromhex, rows), strict=True))
        if abs(greys[0] - greys[1]) > NOTICED
    ]


def _chart(exhibit):
    specification = charts.build(exhibit)
    assert specification.pop("config") == theme.config()
    rows = specification.pop("datasets", {})
    specification["datasets"] = {name: _ends(part) for name, part in rows.items()}
    return _plain(specification)


def _ends(rows):
    if len(rows) <= 2 * SHOWN_ROWS:
        return rows
    return [*rows[:SHOWN_ROWS], {"rows between": len(rows) - 2 * SHOWN_ROWS}, *rows[-SHOWN_ROWS:]]


def _plain(value):
    """JSON that is equal on every machine: the last digits of a float may differ."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _slide(slide):
    notes = slide.notes_slide.notes_text_frame.text.splitlines()
    return {"layout": slide.slide_layout.name, "shapes": [_shape(s) for s in slide.shapes], "notes": notes}


def _shape(shape):
    look = {"name": shape.name, "place": [shape.left, shape.top, shape.width, shape.height]}
    if described := shape._element.xpath(".//p:cNvPr/@descr"):
        look["alt"] = described[0]
    if shape.has_chart:
        look["chart"] = _xml(shape.chart._chartSpace)
    elif shape.has_table:
        look["widths"] = [column.width for column in shape.table.columns]
        look["rows"] = _ends([[_text(cell.text_frame) for cell in row.cells] for row in shape.table.rows])
    elif shape.has_text_frame:
        look["text"] = _text(shape.text_frame)
    return look


def _text(frame):
    """Paragraphs, each as its text and, where they are set, size in points and weight of its first run."""
    texts = []
    for paragraph in frame.paragraphs:
        font = paragraph.runs[0].font if paragraph.runs else None
        marks = [f"{font.size.pt:g} pt"] if font and font.size else []
        text = CLOCK.sub("(time)", paragraph.text)
        texts.append(" | ".join([text, *marks, *(["bold"] if font and font.bold else [])]))
    return texts


def _xml(element):
    """Tag, attributes and children; of cached values only how many there are."""
    tag = element.tag.rpartition("}")[2]
    if tag in {"numCache", "strCache"}:
        return f"{tag} {len(element) - 1}"
    head = " ".join([tag, *(f"{name.rpartition('}')[2]}={value}" for name, value in element.attrib.items())])
    children = [_xml(child) for child in element]
    text = (element.text or "").strip()
    return {head: children} if children else f"{head}: {text}" if text else head


def compared(seen, committed):
    """Lines that say which exhibit changed in what; none when all look as committed."""
    lines = [f"{name}: new" for name in seen.keys() - committed.keys()]
    lines += [f"{name}: gone" for name in committed.keys() - seen.keys()]
    for name in sorted(seen.keys() & committed.keys()):
        before, after = _flat(committed[name]), _flat(seen[name])
        changed = [place for place in {**before, **after} if before.get(place) != after.get(place)]
        lines += [
            f"{name}: {place}: {before.get(place, '–')} → {after.get(place, '–')}" for place in changed[:12]
        ]
        if len(changed) > 12:
            lines.append(f"{name}: … and {len(changed) - 12} more")
    return sorted(lines)


def _flat(value, place=""):
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    else:
        return {place: json.dumps(value, ensure_ascii=False)}
    flat = {place or "all": "empty"} if not value else {}
    for name, part in parts:
        flat |= _flat(part, f"{place} › {name}" if place else str(name))
    return flat


def committed(name):
    """The looks of that name as they were committed."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def of(room, looks):
    """Those of one screen."""
    return {name: look for name, look in looks.items() if name.split("/")[0] == room}


def write(name, looks):
    """One exhibit a line, so that a change shows as the lines that changed."""
    FOLDER.mkdir(exist_ok=True)
    lines = (
        f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(look, ensure_ascii=False, separators=(',', ':'))}"
        for key, look in looks.items()
    )
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def theme_look():
    """What all charts have in common."""
    return {"theme": _plain(theme.config())}


def renew():
    """Write all looks anew."""
    with tempfile.TemporaryDirectory() as folder:
        city = City(Path(folder))
        drawn, slides = theme_look(), {}
        for room in ROOMS:
            exhibits = city.exhibits(room)
            drawn |= chart_looks(exhibits)
            slides |= slide_looks(exhibits) if room != REPORT else report_look(city.report())
        write("charts", drawn)
        write("slides", slides)
        worker = ImageWorker(seconds=120)
        pngs = {name: png(exhibit, worker) for name, exhibit in kinds().items()}
        write("pictures", {name: picture_look(drawn) for name, drawn in pngs.items()})
        worker.close()


if __name__ == "__main__":
    renew()
