"""A letter says the same in HTML and in plain text, holds its picture, and lets nothing of a title become markup."""

import dataclasses
import email
import email.policy
import html.parser
import struct

import pandas as pd
import pytest

from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.letters.letter import as_email
from portalkompass.slide_set import SlideSet, Words
from tests.charts import sample_exhibits as samples
from tests.hostile.texts import CODE, MARKDOWN, MARKUP, UNSEEN

ALLOWED = {"html", "head", "meta", "title", "style", "body", "table", "tr", "td", "th", "div", "p", "h1", "h2",
           "img", "a", "span"}  # fmt: skip


def movers(*names):
    frame = pd.DataFrame(
        {"name": names, "clicks": range(1000, 1000 + len(names)), "share": [0.25] * len(names)}
    )
    fields = (
        Field("name", "Seite"),
        Field("clicks", "Klicks", "integer"),
        Field("share", "Anteil", "percent"),
    )
    return samples.exhibit("table", frame, fields)


def figures():
    frame = pd.DataFrame(
        [("Klicks", "7.931", "3,9 % weniger"), ("Ø Position", "8,3", "")], columns=list("abc")
    )
    return samples.exhibit(
        "table", frame, (Field("a", "Kennzahl"), Field("b", "Wert"), Field("c", "Änderung"))
    )


def words(*paragraphs, id="summary", headline="Die Woche"):
    return Words(id, headline, paragraphs, "Google", None)


def written(worker, *pages, title="Wochenbericht", address="", sample=False):
    return files.letter(SlideSet(title, ("Stadt",), pages, None, sample), address, worker)


class Reader(html.parser.HTMLParser):
    """Elements with their attributes, and the text that a reader sees."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def seen(self):
        return " ".join(self.texts)


@pytest.fixture(scope="module")
def letter(worker):
    pages = (words("Klicks 7.931."), figures(), samples.trend(), movers("Wohngeld", "Reisepass"))
    return written(worker, *pages, address="https://kompass.stadt.example/x")


def test_the_text_holds_every_figure_of_the_html_and_of_the_picture(letter):
    for text in (letter.text, Reader(letter.html).seen):
        for told in (
            "Klicks 7.931.",
            "7.931",
            "3,9 % weniger",
            "8,3",
            "1.000",
            "1.001",
            "25,0\u00a0%",
            "Wohngeld",
        ):
            assert told in text, told
    drawn = samples.trend()
    for value in drawn.frame[drawn.y].dropna():
        assert f"{value:.1f}".replace(".", ",") in letter.text


def test_rows_of_the_year_before_carry_their_own_months(worker):
    drawn = samples.trend()
    months = [*drawn.frame["bucket"].iloc[:2], *(drawn.frame["bucket"].iloc[2:] - pd.DateOffset(years=1))]
    dated = dataclasses.replace(
        drawn,
        frame=drawn.frame.assign(own_bucket=months),
        fields=(*drawn.fields, Field("own_bucket", "Monat der Werte", "month")),
    )
    told = written(worker, dated).text
    assert "Monat der Werte: Oktober 2024; Ø Position: 23,9; Zeitraum: Vorjahr" in told
    assert "Oktober 2025; Ø Position: 23,9" not in told


def test_the_first_chart_is_the_one_picture_and_has_a_text_in_its_place(letter):
    images = [attributes for tag, attributes in Reader(letter.html).elements if tag == "img"]
    assert [image["src"] for image in images] == ["cid:verlauf"]
    assert images[0]["alt"] == samples.trend().alt
    assert letter.picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", letter.picture[16:24])
    assert width > 2 * 592 * 0.95
    assert height > 2 * 280 * 0.95


def test_a_mail_is_text_html_and_the_picture_that_the_html_names(letter):
    raw = as_email(letter, "kompass@stadt.example", ["a@stadt.example", "b@stadt.example"]).as_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    _, plain, _, html_part, image = mail.walk()
    assert plain.get_content().strip() == letter.text.strip()
    assert f"cid:{image['Content-ID'][1:-1]}" in html_part.get_content()
    assert image.get_content() == letter.picture
    assert image.get_content_disposition() == "inline"
    assert mail["To"] == "a@stadt.example, b@stadt.example"
    assert mail["Subject"] == "Wochenbericht"
    assert max(len(line) for line in raw.splitlines()) < 998


def test_sample_data_say_so_in_subject_html_text_and_chat(worker):
    made = written(worker, words("Klicks 1."), sample=True)
    assert made.subject == "Beispieldaten: Wochenbericht"
    for text in (made.html, made.text, made.chat):
        assert "Beispieldaten" in text
    assert made.picture is None


@pytest.mark.parametrize(
    "family", [MARKUP, MARKDOWN, CODE, UNSEEN], ids=["markup", "markdown", "code", "unseen"]
)
def test_no_text_of_a_stranger_becomes_markup(worker, family):
    plain = Reader(written(worker, words("x"), movers(*("x" for _ in family))).html).elements
    made = written(worker, words(*family), movers(*family))
    elements = Reader(made.html).elements
    assert {tag for tag, _ in elements} <= ALLOWED
    assert len(elements) == len(plain) + len(family) - 1  # a paragraph each, nothing else
    attributes = {name for _, given in elements for name in given}
    assert attributes <= {
        "style",
        "lang",
        "charset",
        "name",
        "content",
        "role",
        "width",
        "cellspacing",
        "class",
        "scope",
    }
    assert all("\x00" not in text and "\u202e" not in text for text in (made.html, made.text, made.chat))


def test_a_stranger_calls_nobody_in_the_chat_and_links_nowhere(worker):
    chat = written(worker, words("@channel <!here> [x](http://outside.invalid/) **laut**")).chat
    assert "@channel" not in chat
    assert "@\u200bchannel \\<!here\\> \\[x\\](http" in chat
    assert "\\*\\*laut\\*\\*" in chat


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_an_address_of_the_web_becomes_a_link(worker, address):
    tags = [tag for tag, _ in Reader(written(worker, words("x"), address=address).html).elements]
    assert "a" not in tags


def test_line_breaks_of_a_title_reach_no_header(worker):
    made = written(worker, words("x"), title="Woche\r\nBcc: fremd@outside.invalid\n\nText")
    sneaky = dataclasses.replace(made, subject="Woche\r\nBcc: fremd@outside.invalid")
    for one in (made, sneaky):
        mail = as_email(one, "kompass@stadt.example", ["a@stadt.example"])
        read = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
        assert read["Bcc"] is None
        assert "\n" not in read["Subject"]


def test_small_counts_are_hidden_and_lists_of_queries_left_out(worker):
    frame = pd.DataFrame({"name": ["a", "b", "c"], "applications": [3, 8, 40]})
    fields = (Field("name", "Leistung"), Field("applications", "Anträge", "integer"))
    counts = samples.exhibit("table", frame, fields)
    queries = dataclasses.replace(movers("max mustermann wohngeld"), id="queries", names_queries=True)
    made = written(worker, words("x"), counts, queries)
    for text in (Reader(made.html).seen, made.text):
        assert "< 5" in text
        assert "geheim" in text
        assert "40" in text
        assert "mustermann" not in text
    assert "mustermann" not in made.chat
