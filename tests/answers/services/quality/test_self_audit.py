"""The self-audit: what is counted, the table of one service and the list of all; the file of points."""

import datetime as dt

import pytest

from portalkompass.answers.services import service_detail, services
from portalkompass.answers.services.quality.self_audit import RULE
from portalkompass.answers.services.quality.standard import read_standard
from portalkompass.settings import SHIPPED_DATA
from portalkompass.workspace import AuditedPoint, save_self_audit
from tests.answers.conftest import exhibit

DAY = dt.date(2025, 12, 1)


def audited(service, **results):
    return [AuditedPoint(service, point, result, f"zu {point}", DAY) for point, result in results.items()]


def test_one_service_and_the_list_count_what_is_met_and_say_what_is_unknown(changed_house):
    house = changed_house()
    points = [point.id for point in read_standard(SHIPPED_DATA / "service_standard.toml").points]
    met = dict.fromkeys(points[:11], "met") | {
        points[11]: "exempt",
        points[12]: "partly",
        "gibt-es-nicht": "met",
    }
    save_self_audit(house.workspace, "hundesteuer", audited("hundesteuer", **met), "Anna")
    save_self_audit(
        house.workspace, "bauportal", audited("bauportal", **dict.fromkeys(points, "met")), "Bert"
    )

    table = exhibit(house.ask(service_detail, further={"service": "hundesteuer"}), "service_self_audit")
    assert table.headline.replace("\xa0", " ").endswith(
        "“: 11 von 20 Punkten erfüllt (1 nicht zutreffend, 8 unbekannt)"
    )
    assert len(table.frame) == 21
    first, last = table.frame.iloc[0], table.frame.iloc[-1]
    assert (first["result"], first["remark"], first["who"], first["as_of"].date()) == (
        "erfüllt",
        "zu bedarf",
        "Anna",
        DAY,
    )
    assert (last["result"], last["who"]) == ("unbekannt", "")

    everyone = exhibit(house.ask(services), "self_audits")
    assert (
        everyone.headline.replace("\xa0", " ")
        == "2 Leistungen sind selbst geprüft; 1 davon erfüllt alle zutreffenden Punkte"
    )
    columns = ["met", "counted", "partly", "not_met", "unknown", "exempt"]
    assert everyone.frame[columns].to_numpy().tolist() == [[11, 20, 1, 0, 8, 1], [21, 21, 0, 0, 0, 0]]


def test_every_topic_of_the_standard_has_a_point_in_words_of_our_own():
    """The topics of the criteria of servicestandard.gov.de and of the last chapters of DIN SPEC 66336."""
    standard = read_standard(SHIPPED_DATA / "service_standard.toml")
    assert [*dict.fromkeys(point.topic for point in standard.points)] == [
        "Nutzende", "Ziele", "Zuständigkeit", "Vorgehen", "Nachnutzung", "Für alle", "Ablauf", "Offenheit",
        "Datenschutz", "Sicherheit", "Betrieb", "Wirkung",
    ]  # fmt: skip
    assert "Themen" in standard.title  # not: by its points, which are worded otherwise
    assert "eigene Kurzfassungen" in RULE


def test_without_an_audit_nothing_is_shown(changed_house):
    house = changed_house()
    answer = house.ask(service_detail, further={"service": "hundesteuer"})
    assert "service_self_audit" not in [one.id for one in answer.exhibits]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('title = "x', "ist kein TOML"),
        ('title = "x"\n', "Erwartet werden title und"),
        ('title = "x"\n[[points]]\nid = "a"\ntopic = "t"\ntext = ""\n', "ein Punkt hat keinen Text"),
        (
            'title = "x"\n' + '[[points]]\nid = "a"\ntopic = "t"\ntext = "b"\n' * 2,
            "die Kennung „a“ fehlt oder steht doppelt",
        ),
    ],
)
def test_a_file_of_points_that_cannot_be_used_says_why(tmp_path, text, fault):
    path = tmp_path / "service_standard.toml"
    path.write_text(text, encoding="utf-8")
    assert fault in read_standard(path).fault
    assert read_standard(path).points == ()
