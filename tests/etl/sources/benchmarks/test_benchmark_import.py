"""Another city's signed file: who made it is settled first, bad figures are kept aside, one import goes back alone."""

import base64
import datetime as dt
import json

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from etl.operations.verify import verify
from portalkompass.exchange.benchmark_file import City, Figure, Service
from portalkompass.exchange.keys import TrustedKey, fingerprint, public, trust
from portalkompass.settings import ROOT
from tests.exchange.cities import BAU, HUND, sender

FIGURES = {HUND: {"online_share": 0.43, "satisfaction": 4.1}, BAU: {"slowest_days": 12.5}}
LOADED = "SELECT city, leika_key, measure, value FROM benchmarks ORDER BY ALL"


@pytest.fixture
def city(settings):
    own = settings.model_copy(update={"today": dt.date(2025, 12, 17)})
    import_paths([ROOT / "data" / "ozg_services.csv"], own)
    return own


@pytest.fixture
def solingen(city):
    one = sender("Solingen", 1)
    one.trusted_by(city)
    return one


def refused(path, city, **options):
    with pytest.raises(LoadError) as fault:
        import_paths([path], city, **options)
    sentence = str(fault.value)
    assert sentence.startswith(path.name) and sentence.endswith(".")
    return sentence


def test_figures_of_two_cities_load_and_go_back_one_by_one(tmp_path, city, solingen, ask):
    other = sender("Remscheid", 2)
    other.trusted_by(city)
    first = solingen.file(tmp_path / "solingen.json", solingen.content(FIGURES))
    second = other.file(tmp_path / "remscheid.json", other.content({HUND: {"online_share": 0.2}}))
    (preview,) = import_paths([first], city, preview=True)
    assert (preview.kind, preview.rows_loaded, preview.run_id) == ("benchmarks", 3, "")
    assert preview.recognised == "Kennzahlen einer anderen Stadt"
    (report,) = import_paths([first], city)
    (further,) = import_paths([second], city)
    assert report.message == (
        "Kennzahlen von Solingen, 01.12.2024 bis 30.11.2025: 2 Leistungsschlüssel, 3 Werte; zu "
        "1 Leistung der eigenen Liste passt ein Schlüssel."
    )
    assert ask(LOADED) == [
        ("Remscheid", HUND, "online_share", 0.2),
        ("Solingen", BAU, "slowest_days", 12.5),
        ("Solingen", HUND, "online_share", 0.43),
        ("Solingen", HUND, "satisfaction", 4.1),
    ]
    assert verify(city).faults == ()
    sentence = undo(city, report.run_id)
    assert "3 Zeilen entfernt" in sentence and "ersetzt" not in sentence
    assert ask(LOADED) == [("Remscheid", HUND, "online_share", 0.2)]
    assert ask("SELECT site, rows FROM ingest_ledger WHERE grain = 'benchmarks'") == [(other.ars, 1)]
    undo(city, further.run_id)
    assert ask(LOADED) == []


def test_what_is_not_from_a_known_city_is_refused_and_nothing_is_loaded(tmp_path, city, solingen, ask):
    path, content = tmp_path / "datei.json", solingen.content(FIGURES)
    stranger = sender("Solingen", 1)
    told = refused(stranger.file(path, content), city)
    assert fingerprint(public(stranger.key)) in told and "benchmark trust" in told
    assert "nicht bekannt" in told
    raw = json.loads(solingen.file(path, content).read_bytes())
    plain = base64.urlsafe_b64decode(raw["payload"] + "==").decode()
    better = base64.urlsafe_b64encode(plain.replace("0.43", "0.93").encode()).decode().rstrip("=")
    assert plain != base64.urlsafe_b64decode(better + "==").decode()
    path.write_text(json.dumps(raw | {"payload": better}), encoding="utf-8")
    assert "verändert oder ist beschädigt" in refused(path, city)
    path.write_bytes(solingen.file(path, content).read_bytes()[:-40])
    assert "verändert oder ist beschädigt" in refused(path, city)
    # signed anew by a stranger, with the head of the known key
    strange = json.loads(stranger.file(path, content).read_bytes())
    path.write_text(json.dumps(strange | {"protected": raw["protected"]}), encoding="utf-8")
    assert "verändert oder ist beschädigt" in refused(path, city)
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    path.write_text(json.dumps(raw | {"protected": none, "signature": ""}), encoding="utf-8")
    assert "verändert oder ist beschädigt" in refused(path, city)
    assert ask("SELECT count(*) FROM ingest_runs WHERE source = 'benchmarks'") == [(0,)]


def test_a_key_speaks_for_one_city_only(tmp_path, city, solingen):
    path = tmp_path / "datei.json"
    as_other = sender("Remscheid", 2).content(FIGURES)
    told = refused(solingen.file(path, as_other), city)
    assert "mit dem Schlüssel von Solingen" in told and "Remscheid" in told
    as_ours = solingen.content(FIGURES, city=City("L", city.city.ars))
    assert "mit einem fremden Schlüssel" in refused(solingen.file(path, as_ours), city)
    trust(city, TrustedKey(city.city.ars, "L", public(solingen.key)))
    assert "mit einem fremden Schlüssel" in refused(path, city)


def test_a_signed_file_that_cannot_be_compared_is_refused(tmp_path, city, solingen):
    for changes, words in (
        ({"schema": 0}, "älteren Fassung (Schema 0, nötig ist 1)"),
        ({"schema": 2}, "neueren Fassung"),
        ({"format": "rechnung"}, "keine Vergleichsdatei"),
        ({"sample": True}, "enthält Beispieldaten"),
        ({"made_on": dt.date(2026, 1, 1)}, "in der Zukunft"),
        ({"last": dt.date(2025, 12, 31)}, "in der Zukunft"),
        ({"last": dt.date(2025, 11, 29)}, "nicht aus ganzen Monaten"),
        ({"first": dt.date(2026, 1, 1)}, "nicht aus ganzen Monaten"),
        ({"services": ()}, "keine einzige Kennzahl"),
        ({"city": City("Solingen\x1b[2J", solingen.ars)}, "nicht die Form"),
        ({"city": City("=cmd|' /C calc'!A0", solingen.ars)}, "nicht die Form"),
        ({"city": City("Solingen", "\u0660" * 12)}, "nicht die Form"),
        ({"city": City("Solingen", solingen.ars + "\n")}, "nicht die Form"),
    ):
        path = solingen.file(tmp_path / "datei.json", solingen.content(FIGURES, **changes))
        assert words in refused(path, city)


def test_the_same_file_twice_an_older_one_and_a_correction(tmp_path, city, solingen, ask):
    path = solingen.file(tmp_path / "datei.json", solingen.content(FIGURES))
    import_paths([path], city)
    assert "sind schon geladen" in refused(path, city, confirmed=True)
    other = {HUND: {"online_share": 0.5}}
    older = solingen.content(other, made_on=dt.date(2025, 12, 9))
    assert "ist neuer (vom 10.12.2025)" in refused(solingen.file(path, older), city, confirmed=True)
    solingen.file(path, solingen.content(other, made_on=dt.date(2025, 12, 11)))
    assert "Sollen sie durch diese Datei ersetzt werden?" in refused(path, city)
    (report,) = import_paths([path], city, confirmed=True)
    assert ask(LOADED) == [("Solingen", HUND, "online_share", 0.5)]
    assert "Was er ersetzt hatte, kommt nicht zurück" in undo(city, report.run_id)
    assert ask(LOADED) == []


def test_bad_figures_are_kept_aside_and_good_ones_load(tmp_path, city, solingen, ask):
    good = {f"990010010010{n:02}": {"online_share": 0.5} for n in range(40)}
    bad = (
        Service(("9,90E+13",), {"online_share": Figure(0.5, 12, 90)}),
        Service((), {"online_share": Figure(0.5, 12, 90)}),
        Service(
            (HUND,),
            {"online_share": Figure(1.2, 12, 90), "kaffee": Figure(1, 12), "cost_per_case": Figure(-1, 12)},
        ),
        Service((HUND,), {"satisfaction": Figure(0.0, 12, 90)}),
        Service((BAU,), {"end_to_end_share": Figure(0.5, 1, 4)}),
    )
    content = solingen.content(good)
    whole = solingen.content(good, services=(*content.services, *bad))
    (report,) = import_paths([solingen.file(tmp_path / "datei.json", whole)], city)
    assert (report.rows_loaded, report.rows_rejected, report.rows_in) == (40, 7, 47)
    assert ask("SELECT line, column_name, value, reason FROM rejected_rows ORDER BY row") == [
        (41, "keys", "9,90E+13", "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
        (42, "keys", "", "kein Leistungsschlüssel (99 und 12 weitere Ziffern)."),
        (43, "keys", HUND, "der Schlüssel steht bei mehreren Leistungen."),
        (43, "keys", HUND, "der Schlüssel steht bei mehreren Leistungen."),
        (43, "keys", HUND, "der Schlüssel steht bei mehreren Leistungen."),
        (44, "keys", HUND, "der Schlüssel steht bei mehreren Leistungen."),
        (45, "end_to_end_share", "4", "stammt aus weniger als 5 Fällen."),
    ]
    single = solingen.content(good, services=(*content.services, bad[2]), last=dt.date(2025, 10, 31))
    import_paths([solingen.file(tmp_path / "datei.json", single)], city)
    assert ask(
        "SELECT column_name, value, reason FROM rejected_rows WHERE line = 41 AND column_name <> 'keys' ORDER BY row"
    ) == [
        ("online_share", "1.2", "liegt außerhalb der Skala von 0 bis 1."),
        ("kaffee", "1.0", "unbekannte Kennzahl."),
        ("cost_per_case", "-1.0", "liegt außerhalb der Skala von 0 bis 1e+07."),
    ]
