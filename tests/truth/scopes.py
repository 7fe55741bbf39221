"""Filters drawn at random, and the same filters as SQL: temporary tables that stand before those of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.truth.oracle import CITY, Oracle

KEYS = {
    "search_site_day": (),
    "search_segment_day": ("country", "device"),
    "search_query_day": ("query",),
    "search_page_day": ("url",),
    "search_page_query_day": ("url", "query"),
}
SOURCES = {
    frozenset(): "search_site_day",
    frozenset({"appearance"}): "search_appearance_day",
    frozenset({"device"}): "search_segment_day",
    frozenset({"country"}): "search_segment_day",
    frozenset({"country", "device"}): "search_segment_day",
    frozenset({"query"}): "search_query_day",
    frozenset({"url"}): "search_page_day",
    frozenset({"url", "query"}): "search_page_query_day",
    frozenset({"url", "device"}): "search_page_device_day",
    frozenset({"query", "device"}): "search_query_device_day",
}
"""Which table tells what, as Google gives it."""
DEVICES = {"MOBILE": "nur Mobil", "DESKTOP": "nur Computer", "TABLET": "nur Tablet"}
COUNTRIES = {"deu": "Land Deutschland", "tur": "Land Türkei", "nld": "Land Niederlande"}
APPEARANCES = ("TRANSLATED_RESULT", "KEINE_DAVON")
SERVICES = {
    "hundesteuer": "Hundesteuer und -marke",
    "einbuergerung": "Einbürgerung",
    "abfallentsorgung": "Abfallentsorgung",
}
DEPARTMENTS = {"FB 04": ("feinstaubplakette", "haustierhaltung"), "FB 50": ("pflegewohngeld",)}
"""Some services and departments of the list; their pages are in the table ``linked`` (url, service)."""
PAGES = {
    "contains": ("/leistung/", "HUND", "organisation", "/a"),
    "is": ("https://portal.leverkusen.example/leistung/geburtsurkunde",),
    "regex": ("leistung/.*(hund|ausweis)", "^https://[^/]+/[^/]+$", "urkunde$|anmeld"),
}
QUERIES = {
    "contains": ("hund", "KENNZEICHEN", "ausweis", "ä"),
    "is": ("hundesteuer", "führerschein umtauschen"),
    "regex": ("^(hund|kfz)", "steuer|geld", "[0-9]", "^[a-m].*n$"),
}
HOW = {"contains": "enthält", "is": "ist", "regex": "passt zu"}
KINDS = {"leistungen": "Leistung", "aemter": "Organisationseinheit"}


@dataclass
class Narrowed:
    """A scope: options of the command, the filters in words, and a condition on each column."""

    options: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    conditions: dict[str, list[str]] = field(default_factory=dict)

    def add(self, column: str, condition: str, words: str, **options: str) -> None:
        self.conditions.setdefault(column, []).append(condition)
        self.words.append(words)
        self.options |= options

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(self.conditions)

    @property
    def told(self) -> str:
        return " · ".join(self.words)

    @property
    def of_queries(self) -> bool:
        """Whether queries are chosen: too few impressions are then not told."""
        return "query" in self.conditions

    def part(self, *columns: str) -> Narrowed:
        """Only what is asked of these columns; the words stay those of the whole."""
        kept = {name: own for name, own in self.conditions.items() if name in columns}
        return Narrowed(self.options, self.words, kept)

    def source(self, table: str) -> str | None:
        """The table that tells the filters beside the keys of ``table``; None where Google gives none."""
        return SOURCES.get(self.columns | set(KEYS[table]))


@st.composite
def scopes(draw: st.DrawFn) -> Narrowed:
    """One or two filters, in the order in which they are told."""
    kinds = (
        *("device", "country", "appearance", "page", "kind"),
        *("only_service", "department", "query", "brand"),
    )
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2, unique=True))
    scope = Narrowed()
    for kind in kinds:
        if kind in chosen:
            _draw(draw, scope, kind)
    return scope


def _draw(draw: st.DrawFn, scope: Narrowed, kind: str) -> None:
    if kind in ("device", "country"):
        value = draw(st.sampled_from(sorted(DEVICES if kind == "device" else COUNTRIES)))
        words = (DEVICES if kind == "device" else COUNTRIES)[value]
        scope.add(kind, f"{kind} = '{value}'", words, **{kind: value})
    elif kind == "appearance":
        value = draw(st.sampled_from(APPEARANCES))
        scope.add(kind, f"appearance = '{value}'", f"Darstellung {value}", appearance=value)
    elif kind in ("only_service", "department"):
        own = sorted(SERVICES if kind == "only_service" else DEPARTMENTS)
        value = draw(st.sampled_from(own))
        served = (value,) if kind == "only_service" else DEPARTMENTS[value]
        listed = ", ".join(f"'{service}'" for service in served)
        words = f"Leistungen von {value}"
        if kind == "only_service":
            words = f"Seiten der Leistung „{SERVICES[value]}“"
        condition = f"url IN (SELECT url FROM linked WHERE service IN ({listed}))"
        scope.add("url", condition, words, **{kind: value})
    elif kind in ("page", "query"):
        column, noun = {"page": ("url", "Seite"), "query": ("query", "Suchanfrage")}[kind]
        how = draw(st.sampled_from(sorted(HOW)))
        text = draw(st.sampled_from((PAGES if kind == "page" else QUERIES)[how]))
        quoted = f"'{text}'"
        condition = {
            "contains": f"contains({spelled(column)}, {spelled(quoted)})",
            "is": f"{column} = '{text}'",
            "regex": f"regexp_matches({column}, '{text}')",
        }[how]
        scope.add(column, condition, f"{noun} {HOW[how]} „{text}“", **{f"{kind}_{how}": text})
    elif kind == "kind":
        slug = draw(st.sampled_from(sorted(KINDS)))
        condition = f"url IN (SELECT url FROM pages WHERE site = $site AND page_kind = '{KINDS[slug]}')"
        scope.add("url", condition, f"Seiten der Art „{KINDS[slug]}“", kind=slug)
    else:
        brand = draw(st.sampled_from(("with", "without")))
        named = f"regexp_matches(lower(query), '{CITY}')"
        condition = named if brand == "with" else f"NOT {named}"
        words = f"Suchanfragen {'mit' if brand == 'with' else 'ohne'} Stadtnamen"
        scope.add("query", condition, words, brand=brand)


@dataclass(frozen=True)
class Chosen:
    """The pages and queries that a scope chooses; None: all of them."""

    urls: frozenset[str] | None = None
    queries: frozenset[str] | None = None
    told: str = ""

    def url(self, url: str) -> bool:
        """Whether the page is chosen."""
        return self.urls is None or url in self.urls

    def query(self, query: str) -> bool:
        """Whether the query is."""
        return self.queries is None or query in self.queries


EVERYTHING = Chosen()


def chosen(oracle: Oracle, scope: Narrowed) -> Chosen:
    """What the conditions of the scope choose; the oracle must not be narrowed."""
    sets: dict[str, frozenset[str] | None] = {}
    tables = {
        "url": "SELECT url FROM pages WHERE site = $site",
        "query": "SELECT query FROM search_query_day UNION SELECT query FROM search_page_query_day",
    }
    for column, rows in tables.items():
        conditions = scope.conditions.get(column, [])
        where = " AND ".join(f"({condition})" for condition in conditions)
        sql = f"SELECT DISTINCT {column} FROM ({rows}) WHERE $site = $site AND {where}"
        found = oracle.db.execute(sql, {"site": oracle.site}).fetchall() if conditions else None
        sets[column] = None if found is None else frozenset(value for (value,) in found)
    return Chosen(sets["url"], sets["query"], scope.told)


def spelled(text: str) -> str:
    """SQL: lower case, umlauts written out."""
    sql = f"lower({text})"
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        sql = f"replace({sql}, '{letter}', '{written}')"
    return sql


def narrow(oracle: Oracle, scope: Narrowed) -> None:
    """Let every later question of the oracle be about the scope only.

    Every day that the source of the property's figures knows is a day with data, with 0 where nothing fits.
    """
    oracle.sources = {table: scope.source(table) for table in KEYS}
    oracle.filtered = True
    oracle.of_portal = scope.columns <= {"url"}
    oracle.answered.clear()
    for table, keys in KEYS.items():
        source = oracle.sources[table]
        names = ", ".join(("site", "search_type", "date", *keys))
        sums = (
            "sum(impressions)::BIGINT impressions, sum(clicks)::BIGINT clicks, sum(sum_position) sum_position"
        )
        if source is None:
            sql = f"SELECT {names}, impressions, clicks, sum_position FROM {oracle.loaded(table)} WHERE false"
        else:
            every = [condition for own in scope.conditions.values() for condition in own]
            if "query" in {*scope.columns, *keys} and table != "search_page_query_day":
                every.append("query <> ''")
            where = " AND ".join(f"({condition})" for condition in every) or "true"
            sql = f"SELECT {names}, {sums} FROM {oracle.loaded(source)} WHERE {where} GROUP BY {names}"
        if table == "search_site_day" and source is not None:
            sql = f"""SELECT site, search_type, date, coalesce(impressions, 0) impressions,
                        coalesce(clicks, 0) clicks, sum_position
                      FROM (SELECT DISTINCT site, search_type, date FROM {oracle.loaded(source)}) LEFT JOIN ({sql})
                      USING (site, search_type, date)"""
        own = sql.replace("$site", f"'{oracle.site}'")
        oracle.db.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {own}")


def widen(oracle: Oracle) -> None:
    """Take the temporary tables away again."""
    for table in KEYS:
        oracle.db.execute(f"DROP TABLE IF EXISTS temp.{table}")
