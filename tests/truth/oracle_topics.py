"""Suchanfragen: topics, questions, topics that no fitting page answers, and groups by the rules of the settings."""

from __future__ import annotations

import re
import unicodedata

from tests.truth.oracle import LEAST, SMALL_BASE, Expected, Oracle
from tests.truth.writing import NBSP, count, figure, percent, tied

GENERIC = (
    "stadt gemeinde kreis der die das den dem des ein eine einen und oder für mit ohne von vom zum zur bei aus ist "
    "sind kann ich man wie was wann wer welche welcher welches warum muss darf online antrag beantragen anmelden "
    "abmelden kosten formular termin öffnungszeiten telefon nrw pdf leverkusen levekusen leverkussen lev"
)
QUESTION = r"^(wie|was|wo|wohin|woher|wann|warum|wieso|wer|wem|wen|welche[rsn]?|kann|muss|darf|brauche)\b"
RULES = (
    ("Wohnen und Melden", "wohnsitz|ummeld|meldebesch|melderegister|meldeamt|buergerbuero"),
    ("Fahrzeug und Parken", "kennzeichen|kfz|zulassung|fuehrerschein|parkausweis|feinstaub|strassenverkehr"),
    (
        "Ausweise und Urkunden",
        "personalausweis|reisepass|urkunde|fuehrungszeugnis|standesamt|eheschliess",
    ),
    (
        "Soziales und Familie",
        "wohngeld|pflege|elterngeld|kita|unterhalt|schwerbehind|grundsicherung|bildung und teilhabe",
    ),
    ("Zuwanderung", "aufenthalt|einbuerger|auslaender|visum"),
    ("Abfall und Umwelt", "abfall|muell|wertstoff|photovoltaik|balkonkraft|solar"),
    ("Bauen und Gewerbe", r"\bbau|gewerbe|liegenschaft|mietspiegel"),
    ("Steuern und Tiere", "steuer|hund|haustier|fischerei|angel|reitkenn"),
)
"""The groups of settings.toml, folded."""


def plain(text: str) -> str:
    """Lower case, umlauts and ß written out."""
    lowered = unicodedata.normalize("NFC", text).lower()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        lowered = lowered.replace(letter, written)
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))


def topics_of(weights: list[tuple[str, float]]) -> dict[str, str]:
    """query → its topic: again and again the shared word with most weight takes all of its queries."""
    generic = {word[:6] for word in map(plain, re.findall(r"[^\W\d_]+", GENERIC)) if len(word) > 2}
    words: dict[str, dict[str, str]] = {}
    weight = dict(weights)
    for query, _ in weights:
        for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", query).lower()):
            stem = plain(word)
            if len(stem) > 2 and stem[:6] not in generic:
                words.setdefault(stem[:6], {}).setdefault(query, word)
    found: dict[str, str] = {}
    while True:
        free = {stem: [query for query in own if query not in found] for stem, own in words.items()}
        shared = [stem for stem, own in free.items() if len(own) > 1]
        if not shared:
            return found
        best = max(shared, key=lambda stem: (sum(weight[query] for query in free[stem]), stem))
        heaviest = max(free[best], key=lambda query: weight[query])
        name = words[best][heaviest].capitalize()
        found |= dict.fromkeys(free[best], name)


def by_topic(rows: list[tuple[str, int, int, float]]) -> list[dict[str, object]]:
    """Sums by topic of (query, clicks, impressions, Σ place·impressions), most impressions first."""
    topic = topics_of([(query, shown) for query, _, shown, _ in rows])
    found: dict[str, list] = {}
    for query, clicks, shown, weighted in rows:
        sums = found.setdefault(topic.get(query, query), [0, 0, 0, 0.0, query])
        for at, value in enumerate((1, clicks, shown, weighted)):
            sums[at] += value
    told = [
        {
            "topic": name,
            "queries": amount,
            "clicks": clicks,
            "impressions": shown,
            "ctr": clicks / shown,
            "position": weighted / shown,
            "query": first,
        }
        for name, (amount, clicks, shown, weighted, first) in found.items()
    ]
    return sorted(told, key=lambda row: (-row["impressions"], row["topic"]))


def topics(oracle: Oracle, fits: set[str], listed_rows: Expected) -> Expected:
    """Suchanfragen: message, topics, those that no fitting page answers, questions.

    ``fits`` are pages that can answer, ``listed_rows`` what is expected of all queries (`Oracle.queries`).
    """
    wanted = Expected()
    listed = _listed(oracle)
    if not listed:
        return wanted
    questions = [row for row in listed if re.match(QUESTION, row[0].lower())]
    wanted.figures["davon-als-frage"] = {"number": len(questions)}
    if questions:
        top = f"an der Spitze „{questions[0][0]}“" if questions[0][1] else "keine wurde geklickt"
        wanted.heads["questions"] = (
            f"{figure(len(questions))} {'Frage' if len(questions) == 1 else 'Fragen'}; {top}"
        )
        wanted.keys["questions"] = ("query",)
        every = listed_rows.rows["query_table"]
        wanted.rows["questions"] = {query: every[query] for query, *_ in questions}
    rows = by_topic(sorted(listed, key=lambda row: (-row[2], row[0])))
    wanted.keys["topics"] = ("topic",)
    wanted.rows["topics"] = {row["topic"]: row for row in rows[:40]}
    wanted.keys["topic_bars"] = ("topic",)
    wanted.rows["topic_bars"] = {
        row["topic"]: {name: row[name] for name in ("clicks", "ctr", "impressions")} for row in rows[:10]
    }
    first, top = rows[0], rows[:10]
    share = sum(row["impressions"] for row in top) / sum(row["impressions"] for row in rows)
    many = count(len(top), "Thema macht", "Themen machen")
    amount = count(first["queries"], "Suchanfrage", "Suchanfragen")
    wanted.heads["topics"] = (
        f"„{first['topic']}“ ist das Thema mit den meisten Impressionen: {figure(first['impressions'])} bei {amount}"
    )
    wanted.heads["topic_bars"] = (
        f"Gesucht wird am meisten nach „{first['topic']}“; {many} {percent(share, 0)} der Impressionen gelisteter "
        "Suchanfragen aus"
    )
    best, same = listed[0], tied(one[1] for one in listed)
    wanted.message = (
        f"Am häufigsten geklickt wird nach „{best[0]}“ ({count(best[1], 'Klick', 'Klicks')}{same}, {oracle.period})"
        if best[1]
        else f"Keine genannte Suchanfrage wurde im Zeitraum {oracle.period} geklickt"
    )
    head = _unmet(oracle, fits, wanted)
    wanted.message += f"; {head[:1].lower()}{head[1:]}." if head else "."
    return wanted


def _listed(oracle: Oracle) -> list[tuple[str, int, int, float]]:
    return oracle.all(
        """SELECT query, sum(clicks), sum(impressions), sum(sum_position) + sum(impressions)
           FROM search_query_day WHERE {mine} AND {now} AND query <> '' GROUP BY 1
           HAVING sum(impressions) >= $least ORDER BY 2 DESC, 3 DESC, 1""",
        least=LEAST,
    )


def _unmet(oracle: Oracle, fits: set[str], wanted: Expected) -> str:
    rows = oracle.all(
        """WITH led AS (SELECT query, url, sum(impressions) shown FROM search_page_query_day
             WHERE {mine} AND {now} AND {both} AND query <> '' GROUP BY 1, 2),
           best AS (SELECT query, max(shown) FILTER (url IN (SELECT unnest($fits))) fit FROM led GROUP BY 1),
           asked AS (SELECT query, sum(clicks) c, sum(impressions) i, sum(sum_position) + sum(impressions) p
             FROM search_query_day WHERE {mine} AND {now} AND {both} GROUP BY 1)
           SELECT query, c, i, p FROM asked JOIN best USING (query)
           WHERE i >= $least AND greatest(i - coalesce(fit, 0), 0) > i / 2 AND p > 10 * i ORDER BY 3 DESC, 1""",
        fits=sorted(fits),
        least=LEAST,
    )
    if not rows:
        return ""
    found = by_topic(rows)
    first = found[0]
    wanted.keys["unmet_topics"] = ("topic",)
    wanted.rows["unmet_topics"] = {
        row["topic"]: {name: value for name, value in row.items() if name != "ctr"} for row in found[:30]
    }
    wanted.heads["unmet_topics"] = (
        f"Für das Thema „{first['topic']}“ gibt es keine passende Seite: "
        f"{count(first['impressions'], 'Impression', 'Impressionen')}, "
        f"Ø{NBSP}Platz{NBSP}{figure(first['position'])}"
    )
    return wanted.heads["unmet_topics"]


def rule_groups(oracle: Oracle) -> Expected:
    """Rankings, Themen und Geräte: clicks of listed queries by the rules of the settings."""
    wanted = Expected()
    factor = oracle.factor("search_query_day")
    rows = oracle.all(
        """SELECT query, CASE WHEN sum(impressions) FILTER ({now}) > 0 THEN 1 ELSE 0 END,
             coalesce(sum(clicks) FILTER ({now}), 0), coalesce(sum(impressions) FILTER ({now}), 0),
             coalesce(sum(sum_position + impressions) FILTER ({now}), 0),
             coalesce(sum(clicks) FILTER ({like}), 0), coalesce(sum(clicks) FILTER ({before}), 0)
           FROM search_query_day WHERE {mine} AND query <> '' AND impressions > 0 AND ({now} OR {before}) GROUP BY 1"""
    )
    if not any(row[1] for row in rows):
        return wanted
    groups: dict[str, list[float]] = {}
    for query, *sums in rows:
        name = next((name for name, rule in RULES if re.search(rule, plain(query))), "ohne Themengruppe")
        own = groups.setdefault(name, [0.0] * 6)
        for at, value in enumerate(sums):
            own[at] += value
    total = sum(own[1] for own in groups.values())
    wanted.keys["topic_groups"] = ("group",)
    wanted.rows["topic_groups"] = {
        name: {
            "queries": amount,
            "clicks": clicks,
            "share": clicks / max(total, 1),
            "change": like / (before * factor) - 1 if factor and before else None,
            "impressions": shown,
            "ctr": clicks / shown if shown else None,
            "position": weighted / shown if shown else None,
        }
        for name, (amount, clicks, shown, weighted, like, before) in groups.items()
    }
    ruled = {name: row for name, row in wanted.rows["topic_groups"].items() if name != "ohne Themengruppe"}
    if not ruled:
        wanted.heads["topic_groups"] = "Keine Suchanfrage passt zu einer Themengruppe"
        return wanted
    first = min(ruled, key=lambda name: (-ruled[name]["clicks"], name))
    if not ruled[first]["clicks"]:
        wanted.heads["topic_groups"] = (
            f"Kein Klick mit Suchanfrage einer Themengruppe im Zeitraum {oracle.period}"
        )
        return wanted
    said = f"„{first}“ bringt {percent(ruled[first]['share'], 0)} der Klicks mit genannter Suchanfrage"
    grown = [name for name in ruled if ruled[name]["change"] is not None and groups[name][5] >= SMALL_BASE]
    if grown:
        most = min(grown, key=lambda name: (-ruled[name]["change"], name))
        if percent(ruled[most]["change"], 0) != percent(0, 0) and ruled[most]["change"] > 0:
            daily = "je Tag " if oracle.on_equal_days("search_query_day") else ""
            said += f"; am stärksten wächst „{most}“ ({daily}+{percent(ruled[most]['change'], 0)})"
    wanted.heads["topic_groups"] = said
    return wanted
