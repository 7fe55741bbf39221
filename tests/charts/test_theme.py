import subprocess
import sys
import tomllib

import altair as alt

from portalkompass import german
from portalkompass.charts import theme
from portalkompass.settings import ROOT


def test_screen_and_charts_share_colours_and_font():
    look = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert look["primaryColor"] == theme.ACTION
    assert look["textColor"] == theme.TEXT
    assert look["backgroundColor"] == theme.GROUND
    assert look["font"] == theme.FONT
    assert tuple(look["chartCategoricalColors"]) == theme.SERIES


def test_every_font_of_the_theme_is_shipped_with_its_licence():
    look = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    folder = ROOT / "portalkompass" / "ui" / "shell"  # Streamlit serves what stands beside the script it runs
    for face in look["fontFaces"]:
        assert (folder / face["url"].removeprefix("app/")).is_file()
    assert "SIL OPEN FONT LICENSE" in (folder / "static/fonts/OFL.txt").read_text(encoding="utf-8")


def test_months_are_german_and_march_is_not_mrz():
    months = theme.LOCALE["time"]
    assert months["months"] == list(german.MONTHS)
    assert months["shortMonths"] == [
        "Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez",
    ]  # fmt: skip


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first, second):
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_and_series_have_the_contrast_that_accessibility_asks_for():
    assert all(_contrast(colour, theme.GROUND) >= 4.5 for colour in (theme.TEXT, theme.MUTED, theme.GREY))
    assert all(_contrast(colour, theme.GROUND) >= 2.95 for colour in theme.SERIES)
    assert _contrast(theme.MUTED, theme.SPAN) >= 4.5


def test_the_schema_is_that_of_altair():
    assert theme.SCHEMA == alt.SCHEMA_URL


def test_a_screen_whose_charts_were_drawn_before_needs_no_altair():
    drawn = (
        "import sys, portalkompass.ui.components.exhibits, portalkompass.ui.components.page, "
        "portalkompass.ui.shell.prewarm"
    )
    script = f"{drawn}; print('altair' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
