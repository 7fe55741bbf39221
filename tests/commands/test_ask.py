"""``ask``: any screen without a browser, with the figures of the screen and the suppression of an export."""

import json

import pytest

from portalkompass.screens import SCREENS
from tests.commands.conftest import run
from tests.warehouse_fixture import SITE


def ask(folder, *arguments):
    done = run(folder, "ask", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(folder, *arguments):
    done = run(folder, "ask", *arguments)
    assert done.returncode == 2, done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.slug)
def test_every_screen_answers_in_the_promised_shape(folder, screen):
    found = ask(folder, screen.slug)
    assert list(found) == [
        "screen", "view", "filters", "period", "like", "before", "data_date", "origin",
        "message", "figures", "exhibits", "caveats", "next_steps",
    ]  # fmt: skip
    assert (found["screen"], found["view"]) == (screen.slug, screen.views[0].slug)
    assert found["message"]
    for exhibit in found["exhibits"]:
        names = [field["name"] for field in exhibit["fields"]]
        assert all(list(row) == names for row in exhibit["rows"]), exhibit["id"]


def test_numbers_are_those_of_figures_and_unrounded(folder):
    figures = json.loads(run(folder, "figures", "--json").stdout)
    cards = {figure["id"]: figure for figure in ask(folder, "ueberblick")["figures"]}
    assert cards["clicks"]["number"] == figures["totals"]["clicks"]
    assert cards["impressions"]["number"] == figures["totals"]["impressions"]
    assert cards["position"]["number"] == figures["totals"]["position"]
    assert cards["position"]["value"] == f"{figures['totals']['position']:.1f}".replace(".", ",")


def test_a_change_is_a_number_beside_its_words(folder):
    found = ask(folder, "rankings", "--from", "2025-11-01", "--to", "2025-11-30", "--compare", "previous")
    before = ask(folder, "rankings", "--from", "2025-10-01", "--to", "2025-10-31")
    cards, earlier = ({figure["id"]: figure for figure in one["figures"]} for one in (found, before))
    clicks = cards["clicks"]["number"] / 30 / (earlier["clicks"]["number"] / 31) - 1  # per day
    assert cards["clicks"]["change_number"] == pytest.approx(clicks)
    assert cards["clicks"]["before"] == {"from": "2025-10-01", "to": "2025-10-31"}
    places = cards["position"]["number"] - earlier["position"]["number"]
    assert cards["position"]["change_number"] == pytest.approx(places)


def test_the_period_asked_for_is_the_period_answered(folder):
    found = ask(folder, "rankings", "--from", "2025-11-01", "--to", "2025-11-30", "--compare", "previous")
    assert found["period"] == {"from": "2025-11-01", "to": "2025-11-30"}
    assert found["before"] == {"from": "2025-10-01", "to": "2025-10-31"}
    assert found["filters"]["site"] == SITE


def test_a_copied_address_is_the_same_question(folder):
    address = "https://stadt.example/portal/rankings?zeitraum=Letzte+3+volle+Monate&rankingansicht=Positionen"
    linked = ask(folder, "--link", address + "&vergleich=Ohne+Vergleich")
    typed = ask(
        folder, "rankings", "--view", "positionen", "--compare", "none",
        "--from", linked["period"]["from"], "--to", linked["period"]["to"], "--grain", linked["filters"]["grain"],
    )  # fmt: skip
    assert linked == typed
    assert linked["before"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ansichten",), "Eine Ansicht „ansichten“ gibt es nicht. Möglich: ueberblick, rankings"),
        (("rankings", "--view", "karte"), "hat keine Auswertung „karte“. Möglich: verlauf, positionen"),
        (("suchanfragen", "--country", "deu"), "kann nicht nach --country filtern. Möglich: --brand"),
        (("daten", "--from", "2025-01-01"), "kann nicht nach --from filtern. Möglich: --site"),
        (("seiten", "--site", "https://andere.example/"), "ist nicht geladen. Möglich: "),
        (("seiten", "--from", "gestern"), "--from: „gestern“ ist kein Tag der Form JJJJ-MM-TT"),
        (("seiten", "--from", "2025-11-02", "--to", "2025-11-01"), "liegt nach dem letzten"),
        (("seiten", "--compare", "free"), "braucht --compare-from"),
        (("seiten", "--compare-from", "2025-01-01"), "gehören zu --compare free"),
        (("seiten", "--kind", "hunde"), "--kind: „hunde“ ist nicht vorgesehen. Möglich: alle, leistungen"),
        (
            ("suchanfragen", "--device", "MOBILE"),
            "(Suchanfragen) kann so nicht filtern. Geräte je Suchanfrage sind",
        ),
        (("ueberblick", "--device", "HANDY"), "--device: „HANDY“ ist nicht vorgesehen. Möglich: MOBILE"),
        (
            ("ueberblick", "--country", "Bayern"),
            "--country: „Bayern“ ist kein Kürzel aus drei kleinen Buchstaben",
        ),
        (("ueberblick", "--department", "FB 99"), "--department: „FB 99“ nennt die Liste für keine Leistung"),
        (("ueberblick", "--page-is", "a", "--page-regex", "b"), "--page-is, --page-regex gehen nur einzeln"),
        (("ueberblick", "--query-regex", "("), "--query-regex: Das RE2-Muster ist nicht zulässig (missing )"),
        (("wirkung", "--device", "MOBILE"), "kann nicht nach --device filtern"),
        (("wirkung", "--since", "2025-11-01"), "--since gehört zu --page"),
        (("--link", "https://stadt.example/hilfe"), "ist keine Adresse einer Ansicht"),
        (("--link", "https://stadt.example/seiten?von=gestern"), "„gestern“ ist für „von“ nicht vorgesehen"),
        ((), "Es fehlt die Ansicht"),
        (("seiten", "--format", "csv"), "csv braucht --exhibit mit einem von: top_pages"),
    ],
)
def test_what_cannot_be_obeyed_is_refused_with_what_is_possible(folder, arguments, sentence):
    assert sentence in refused(folder, *arguments)


def test_a_free_comparison_may_be_of_another_length(folder):
    arguments = ("rankings", "--from", "2025-11-01", "--to", "2025-11-30", "--compare", "free")
    since = ("--compare-from", "2025-10-01", "--compare-to")
    found = ask(folder, *arguments, *since, "2025-10-15")
    assert found["before"] == {"from": "2025-10-01", "to": "2025-10-15"}
    assert ask(folder, *arguments, *since[:2])["before"]["to"] == "2025-10-31"  # as long as the period
    assert "liegt nach dem letzten" in refused(folder, *arguments, *since, "2025-09-15")


def test_a_link_of_today_is_the_question_typed(folder):
    parameters = "von=2025-09-01&bis=2025-11-30&vergleich=frei&vergleichab=2025-06-01&vergleichbis=2025-07-15"
    linked = ask(folder, "--link", f"https://stadt.example/rankings?{parameters}&rankingansicht=positionen")
    typed = ask(
        folder, "rankings", "--view", "positionen", "--from", "2025-09-01", "--to", "2025-11-30",
        "--compare", "free", "--compare-from", "2025-06-01", "--compare-to", "2025-07-15",
    )  # fmt: skip
    assert linked == typed


def test_what_a_screen_shows_without_effect_has_none_in_its_link(folder):
    plain = ask(folder, "--link", "https://stadt.example/wirkung?zeitraum=3-monate")
    assert ask(folder, "--link", "https://stadt.example/wirkung?zeitraum=3-monate&geraet=MOBILE") == plain


def test_csv_is_the_file_that_the_app_exports(folder):
    done = run(folder, "ask", "seiten", "--format", "csv", "--exhibit", "top_pages")
    assert done.returncode == 0
    assert done.stdout.startswith("\ufeffSeite;Klicks")


def test_markdown_defuses_what_strangers_wrote(folder):
    done = run(folder, "ask", "seiten", "--format", "md")
    assert done.returncode == 0
    assert done.stdout.startswith("**")
    assert "| Kennzahl | Wert | Veränderung |" in done.stdout


def test_the_list_names_screens_views_and_their_filters(folder):
    listed = ask(folder, "--list")
    assert [entry["screen"] for entry in listed] == [screen.slug for screen in SCREENS]
    rankings = next(entry for entry in listed if entry["screen"] == "rankings")
    assert rankings["views"][0]["view"] == "verlauf"
    assert "grain" in rankings["views"][0]["filters"]


def test_a_filter_narrows_the_figures_and_stands_in_the_answer(folder):
    found = ask(
        folder, "ueberblick", "--query-contains", "hund", "--from", "2025-10-01", "--to", "2025-10-31"
    )
    cards = {figure["id"]: figure["number"] for figure in found["figures"]}
    assert cards["clicks"] == 2 * 31
    assert found["filters"]["query_contains"] == "hund"
    assert found["message"].startswith("Suchanfrage enthält „hund“: Oktober 2025")
