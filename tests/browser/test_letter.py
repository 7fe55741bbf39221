"""Digest and published report as a browser shows them: nothing of a title runs, both fit a phone, axe finds nothing."""

import base64
import datetime as dt

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.public.terms import Terms
from portalkompass.slide_set import SlideSet, TextPage, Words
from tests.charts import sample_exhibits as samples
from tests.hostile.texts import MARKUP, WITNESS

pytestmark = pytest.mark.browser


def table(names):
    frame = pd.DataFrame({"name": names, **{f"n{place}": [1234567] * len(names) for place in range(4)}})
    figures = (Field(f"n{place}", f"Klicks 08.12.2025 bis 14.12.202{place}", "integer") for place in range(4))
    return samples.exhibit("table", frame, (Field("name", "Leistung"), *figures))


@pytest.mark.parametrize("width", [390, 760])
def test_a_letter_fits_is_accessible_and_runs_nothing(page, width):
    names = ["Ausnahmegenehmigungen im Straßenverkehr und Parkausweise", *MARKUP]
    alerts = Words("alerts", "2 Alarme", tuple(MARKUP[:2]), "Google", dt.date(2025, 12, 15))
    made = files.letter(
        SlideSet("Wochenbericht", ("Stadt",), (alerts, samples.trend(), table(names)), None), ""
    )
    picture = base64.b64encode(made.picture).decode()
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(made.html.replace("cid:verlauf", f"data:image/png;base64,{picture}"))
    assert page.evaluate(f"window.{WITNESS}") is None
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("img").evaluate("image => image.naturalWidth") > 1000
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []


def test_a_published_report_fits_is_accessible_and_runs_nothing(page, tmp_path):
    names = ["Ausnahmegenehmigungen im Straßenverkehr und Parkausweise", *MARKUP]
    text = TextPage("text", MARKUP[0], MARKUP, "Stadt", None, facts=(("Stand", MARKUP[1]),), news=MARKUP[2])
    words = Words("summary", "Auf einen Blick", MARKUP[:3], "Google", dt.date(2025, 12, 15))
    pages = (words, *samples.EVERY_KIND, table(names), text)
    terms = Terms(
        "Stadt",
        "daten@stadt.example",
        "https://www.stadt.example/",
        "cc-zero",
        imprint="https://stadt.example",
    )
    made, _ = files.site_files(
        SlideSet(MARKUP[0], ("Stadt",), pages, None, sample=True), terms, dt.date(2025, 12, 17)
    )
    for name, content in made.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "index.html").as_uri())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    assert page.evaluate(f"window.{WITNESS}") is None
    assert {address.partition(tmp_path.as_uri())[0] for address in asked} == {""}
    assert page.evaluate("document.fonts.check('1rem Fira Sans')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
