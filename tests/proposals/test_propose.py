import pytest

from portalkompass.proposals import Proposal, ServiceName, Subject, propose

SERVICES = (
    ServiceName("hundesteuer", "Hundesteuer", ("Hund anmelden",)),
    ServiceName("fischereischein", "Fischereischein", ("Angelschein",)),
    ServiceName("wohnsitz", "Anmeldung des Wohnsitzes", ("Wohnung anmelden",)),
    ServiceName("gewerbeanmeldung", "Gewerbeanmeldung", ("Gewerbe anmelden",)),
    ServiceName("gewerbeabmeldung", "Gewerbeabmeldung", ("Gewerbe abmelden",)),
    ServiceName("kirchenaustritt", "Kirchenaustritt (Auskunft)"),
    ServiceName("pass", "Leverkusen-Pass"),
    ServiceName("reisepass", "Reisepass", ("Pass",)),
    ServiceName("sperrmuell", "Sperrmüll"),
    ServiceName("steuer", "Steuer"),
    ServiceName("hund", "Hund"),
)


def ids(text, **parts):
    return [one.service_id for one in propose([Subject(queries=(text,), **parts)], SERVICES)[0]]


def test_a_synonym_is_recognised_and_named_as_evidence():
    assert propose([Subject(title="Angelschein")], SERVICES) == [
        (Proposal("fischereischein", "Fischereischein", 1.0, "Angelschein"),)
    ]


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("angelschein online beantragen leverkusen", "fischereischein"),  # noise and the city say nothing
        ("ANGELSCHEINE", "fischereischein"),  # ending
        ("angelschien", "fischereischein"),  # typing error
        ("fischerei schein", "fischereischein"),  # a compound written apart
        ("sperrmuellabholung", "sperrmuell"),  # a compound of a known and an unknown word
        ("kirchenaustritt", "kirchenaustritt"),  # the name without its brackets
        ("leverkusen-pass", "pass"),  # the city's name counts where it belongs to the service's
    ],
)
def test_everyday_spellings_reach_the_service(text, service):
    assert ids(text)[0] == service


def test_a_known_word_is_never_read_as_a_typing_error_of_another():
    assert ids("gewerbe abmelden") == ["gewerbeabmeldung"]
    assert ids("gewerbeanmeldung") == ["gewerbeanmeldung"]


@pytest.mark.parametrize(
    "text",
    [
        "angelschein köln",
        "angelschein telefonnummer",
        "anmelden",
        "antrag online",
        "wetter morgen",
        "",
    ],
)
def test_other_towns_offices_and_bare_actions_get_nothing(text):
    assert ids(text) == []


def test_an_office_page_gets_nothing_even_if_people_ask_it_for_a_service():
    office = Subject(title="Steuern – Abteilung 201", queries=("hund anmelden",))

    assert propose([office], SERVICES) == [()]


def test_the_home_town_is_a_parameter():
    query = Subject(queries=("angelschein köln",))

    assert [p.service_id for p in propose([query], SERVICES, home="Köln")[0]] == ["fischereischein"]


def test_one_stray_query_of_five_decides_nothing():
    page = Subject(title="Tiere in der Stadt", queries=("hund anmelden", "zoo", "park", "katzen", "vögel"))

    assert propose([page], SERVICES) == [()]


def test_the_queries_of_a_page_speak_where_its_title_does_not():
    page = Subject(title="Merkblatt 12", queries=("angelschein", "angelschein kosten"))

    assert propose([page], SERVICES)[0] == (
        Proposal("fischereischein", "Fischereischein", 0.9, "Angelschein"),
    )


def test_a_slug_is_read_like_a_title():
    page = Subject(title="Merkblatt 12", slug="wohnung-anmelden")

    assert [p.service_id for p in propose([page], SERVICES)[0]] == ["wohnsitz"]


def test_without_services_there_are_no_proposals():
    assert propose([Subject(title="Angelschein")], ()) == [()]
