import csv

import pytest

from portalkompass.proposals import ListFault, ServiceName, municipal_services, with_synonyms
from portalkompass.settings import SHIPPED_DATA


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_names_are_at_least_189_and_none_stands_on_the_ozg_list():
    offered = municipal_services(SHIPPED_DATA / "municipal_services.csv")
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["service_id"] for row in csv.DictReader(file, delimiter=";")}

    assert len(offered) == 230
    assert offered["name"].is_unique
    assert not listed & set(offered["id"])


def test_shipped_links_to_services_without_status_use_the_same_ids_and_names():
    offered = municipal_services(SHIPPED_DATA / "municipal_services.csv")
    names = dict(zip(offered["id"], offered["name"], strict=True))
    with (SHIPPED_DATA / "service_links.csv").open(encoding="utf-8", newline="") as file:
        linked = {
            row["service_id"]: row["service_name"]
            for row in csv.DictReader(file, delimiter=";")
            if row["target"] == "ohne_status"
        }

    assert {key: names.get(key) for key in linked} == linked


def test_every_shipped_synonym_belongs_to_a_service():
    offered = municipal_services(SHIPPED_DATA / "municipal_services.csv")
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["service_id"] for row in csv.DictReader(file, delimiter=";")}
    with (SHIPPED_DATA / "service_synonyms.csv").open(encoding="utf-8", newline="") as file:
        named = {row["service_id"] for row in csv.DictReader(file, delimiter=";")}

    assert named - listed - set(offered["id"]) == set()


def test_synonyms_are_found_by_id_or_by_name_however_it_is_spelled(tmp_path):
    path = write(tmp_path / "s.csv", "service_id;synonym;note\na;eins;\nStrassen-Sache;zwei;x\nc;drei;\n")

    found = with_synonyms([ServiceName("a", "Erste"), ServiceName("b", "Straßen Sache")], path)

    assert [one.synonyms for one in found] == [("eins",), ("zwei",)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id;name\na;b\n", "erwartet werden die Spalten id, name, topic"),
        ("id;name;topic\na;;\n", "Zeile 2: id oder name fehlt"),
        ("id;name;topic\na;b;\na;c;\n", "Zeile 3: „a“ steht schon weiter oben"),
    ],
)
def test_a_damaged_list_is_refused_with_file_and_line(tmp_path, text, sentence):
    path = write(tmp_path / "names.csv", text)

    with pytest.raises(ListFault, match=rf"names\.csv.*{sentence}"):
        municipal_services(path)


def test_a_missing_list_is_a_sentence(tmp_path):
    with pytest.raises(ListFault, match=r"fehlt\.csv lässt sich nicht lesen"):
        municipal_services(tmp_path / "fehlt.csv")
