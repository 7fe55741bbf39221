"""Small tables of every kind in the languages they come in, made here in the shape of the genuine ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SITE = "https://www.musterstadt.example/"


@dataclass(frozen=True)
class Sample:
    """A table as text: the kind it is of, a name that does not give it away, and its content."""

    kind: str
    name: str
    text: str


METRICS = {
    "de": "Klicks,Impressionen,CTR,Position",
    "en": "Clicks,Impressions,CTR,Position",
    "fr": "Clics,Impressions,CTR,Position",
    "es": "Clics,Impresiones,CTR,Posición",
    "it": "Clic,Impressioni,CTR,Posizione",
    "nl": "Klikken,Vertoningen,CTR,Positie",
    "pl": "Kliknięcia,Wyświetlenia,CTR,Pozycja",
    "tr": "Tıklamalar,Gösterimler,TO,Konum",
}
KEYS = {
    "days": {
        "de": "Datum",
        "en": "Date",
        "fr": "Date",
        "es": "Fecha",
        "it": "Data",
        "nl": "Datum",
        "pl": "Data",
        "tr": "Tarih",
    },
    "queries": {
        "de": "Häufigste Suchanfragen",
        "en": "Top queries",
        "fr": "Requêtes les plus fréquentes",
        "es": "Consultas principales",
        "it": "Query più frequenti",
        "nl": "Populairste zoekopdrachten",
        "pl": "Najpopularniejsze zapytania",
        "tr": "En çok yapılan sorgular",
    },
    "pages": {
        "de": "Die häufigsten Seiten",
        "en": "Top pages",
        "fr": "Pages les plus populaires",
        "es": "Páginas principales",
        "it": "Pagine principali",
        "nl": "Populairste pagina's",
        "pl": "Najpopularniejsze strony",
        "tr": "En çok ziyaret edilen sayfalar",
    },
    "countries": {
        "de": "Land",
        "en": "Country",
        "fr": "Pays",
        "es": "País",
        "it": "Paese",
        "nl": "Land",
        "pl": "Kraj",
        "tr": "Ülke",
    },
    "devices": {
        "de": "Gerät",
        "en": "Device",
        "fr": "Appareil",
        "es": "Dispositivo",
        "it": "Dispositivo",
        "nl": "Apparaat",
        "pl": "Urządzenie",
        "tr": "Cihaz",
    },
    "appearance": {
        "de": "Darstellung in der Suche",
        "en": "Search Appearance",
        "fr": "Apparence dans les résultats de recherche",
        "es": "Apariencia en el buscador",
        "it": "Aspetto nella ricerca",
        "nl": "Weergave in zoekresultaten",
        "pl": "Wygląd w wyszukiwarce",
        "tr": "Arama görünümü",
    },
}
CELLS = {
    "days": ("2025-11-01", "2025-11-02"),
    "queries": ("hund anmelden", "ausweis"),
    "pages": (f"{SITE}leistung/hund", f"{SITE}leistung/ausweis"),
    "countries": ("Deutschland", "Polen"),
    "devices": ("Desktop", "Mobil"),
    "appearance": ("Produkt-Snippets", "Videos"),
}
FILTERS = {
    "de": "Filtern,Wert\nSuchtyp,Web",
    "en": "Filter,Value\nSearch type,Web",
    "fr": "Filtre,Valeur\nType de recherche,Web",
    "es": "Filtro,Valor\nTipo de búsqueda,Web",
    "it": "Filtro,Valore\nTipo di ricerca,Web",
    "nl": "Filter,Waarde\nZoektype,Web",
    "pl": "Filtr,Wartość\nTyp wyszukiwania,Web",
    "tr": "Filtre,Değer\nArama türü,Web",
}


def export_table(table: str, language: str) -> str:
    """A table of a UI export."""
    first, second = CELLS[table]
    return f"{KEYS[table][language]},{METRICS[language]}\n{first},3,25,12%,4.5\n{second},1,15,6.67%,9"


def _exports() -> Iterator[Sample]:
    for table in KEYS:
        for language in METRICS:
            yield Sample(table, f"datei-{language}.csv", export_table(table, language))
    for language, text in FILTERS.items():
        yield Sample("filters", f"datei-{language}.csv", text)
    yield Sample(
        "days", "woche.csv", "Zeitraum,Klicks,Impressionen,CTR,Position\n2025-11-02 - 2025-11-08,3,10,30%,5"
    )
    yield Sample(
        "pages",
        "looker.csv",
        f"Landing Page,Url Clicks,Impressions,URL CTR,Average Position\n{SITE}a,3,10,30%,5.25",
    )
    yield Sample("days", "discover.csv", "Date,Clicks,Impressions,CTR\n2025-11-01,3,10,30%")
    for zeit in ("Zeit", "Time", "Heure", "Hora", "Ora", "Tijd", "Godzina", "Saat"):
        yield Sample(
            "hours",
            "stunden.csv",
            f"{zeit},Clicks,Impressions,CTR,Position\n2025-11-01T00:00:00-07:00,1,10,10%,3\n2025-11-01T01:00:00-07:00,1,9,1%,3",
        )


def _rows() -> Iterator[Sample]:
    heads = (
        "date,query,clicks,impressions,ctr,position",
        "date,page,clicks,impressions,ctr,position",
        "date,page,query,clicks,impressions,ctr,position",
        "date,page,query,country,device,clicks,impressions,ctr,position",
        "date,country,device,clicks,impressions,ctr,position",
        "Date,Query,Landing Page,Url Clicks,Impressions,URL CTR,Average Position",
        "Datum,Suchanfrage,Seite,Klicks,Impressionen,Klickrate,Durchschnittliche Position",
        "Data,Query,Pagina,Clic,Impressioni,CTR,Posizione",
        "Tarih,Sorgu,Sayfa,Tıklamalar,Gösterimler,TO,Konum",
        "Date,Requête,Page de destination,Impressions,Clics sur l'URL,CTR,Position moyenne",
        "Fecha,Consulta,Página de destino,Impresiones,Clics en la URL,CTR,Posición media",
        "Data,Query,Pagina di destinazione,Impressioni,Clic URL,CTR URL,Posizione media",
        "Datum,Zoekopdracht,Bestemmingspagina,Vertoningen,Klikken op URL,CTR,Gemiddelde positie",
        "Data,Zapytanie,Strona docelowa,Wyświetlenia,Kliknięcia URL,CTR,Średnia pozycja",
        "Tarih,Sorgu,Açılış sayfası,Gösterimler,URL Tıklamaları,URL TO,Ortalama Konum",
        "date,page,type,clicks,impressions,ctr,position",
    )
    cells = {
        "date": "2025-11-01", "datum": "2025-11-01", "data": "2025-11-01", "tarih": "2025-11-01", "query": "hund",
        "suchanfrage": "hund", "sorgu": "hund", "page": f"{SITE}a", "landing page": f"{SITE}a", "seite": f"{SITE}a",
        "pagina": f"{SITE}a", "sayfa": f"{SITE}a", "requête": "chien", "page de destination": f"{SITE}a",
        "fecha": "2025-11-01", "consulta": "perro", "página de destino": f"{SITE}a",
        "pagina di destinazione": f"{SITE}a", "zoekopdracht": "hond", "bestemmingspagina": f"{SITE}a",
        "zapytanie": "pies", "strona docelowa": f"{SITE}a",
        "açılış sayfası": f"{SITE}a", "country": "deu", "device": "MOBILE", "type": "web",
    }  # fmt: skip
    for number, head in enumerate(heads):
        names = head.split(",")
        dimensions = [cells[name.lower()] for name in names[:-4]]
        yield Sample("search_rows", f"abzug-{number}.csv", f"{head}\n{','.join(dimensions)},10,10,1,3.5")


def _reports() -> Iterator[Sample]:
    texts = {
        "page_indexing_chart": (
            "Date,Not indexed,Indexed,Impressions\n2025-11-01,10,20,30",
            "Datum,Nicht indexiert,Indexiert,Impressionen\n2025-11-01,10,20,30",
        ),
        "page_indexing": (
            "Reason,Source,Validation,Pages\nNot found (404),Website,Not Started,12",
            "Reason,Source,Validation,Trend,Pages\nNot found (404),Website,Not Started,,12",
            "Grund,Quelle,Überprüfung,Seiten\nNicht gefunden (404),Website,Nicht gestartet,12",
        ),
        "drill_down_chart": ("Date,Affected pages\n2025-11-01,12", "Datum,Betroffene Seiten\n2025-11-01,12"),
        "drill_down": (
            f"URL,Last crawled\n{SITE}a,2025-11-01",
            f"URL,Letztes Crawling\n{SITE}a,2025-11-01",
            f"URL,Item name,Last crawled\n{SITE}a,Breadcrumb,2025-11-01",
        ),
        "core_web_vitals_chart": (
            "Date,Poor,Need improvement,Good\n2025-11-01,1,2,3",
            "Datum,Schlecht,Optimierung erforderlich,Gut\n2025-11-01,1,2,3",
        ),
        "core_web_vitals": (f"URL,Similar URLs,LCP\n{SITE}a,12,2.6s",),
        "issues": (
            "Issue,Validation,URLs\nLCP issue: longer than 2.5s (mobile),Not Started,12",
            "Problem,Validierung,Elemente\nFehlendes Feld,Nicht gestartet,3",
        ),
        "https": ("Date,HTTPS URLs,Non-HTTPS URLs\n2025-11-01,12,1",),
        "links_text": ("Rank,Linking text\n1,hier",),
        "rich_results_chart": (
            "Date,Invalid,Valid,Impressions\n2025-11-01,1,2,3",
            "Datum,Ungültig,Gültig\n2025-11-01,1,2",
        ),
        "links_pages": (
            f"Target page,Incoming links,Linking sites\n{SITE}a,12,3",
            f"Zielseite,Eingehende Links,Verweisende Websites\n{SITE}a,12,3",
        ),
        "links_sites": (
            "Site,Linking pages,Target pages\nexample.org,12,3",
            "Website,Verweisende Seiten,Zielseiten\nexample.org,12,3",
        ),
        "links": (
            f"Zielseite,Eingehende Links,Verweisende Seiten\n{SITE}a,12,3",
            f"Häufigste Zielseite,Zahl\n{SITE}a,12",
        ),
        "links_latest": ("Linking page,Last crawled\nhttps://example.org/a,2025-11-01",),
        "crawl_stats": (
            "Date,Total crawl requests,Total download size (Bytes),Average response time (ms)\n2025-11-01,1,2,3",
        ),
        "generative_ai": (
            "Date,Impressions\n2025-11-01,120",
            f"Die häufigsten Seiten,Impressionen\n{SITE}a,12",
            "Tarih;Gösterimler\n20.08.2025;120",
            "Land,Impressionen\nDeutschland,12",
        ),
        "comparison": (
            "Top queries,Last 3 months Clicks,Previous 3 months Clicks,Last 3 months CTR\na,1,2,3%",
            "Datum,Letzte 3 Monate Klicks,Vorherige 3 Monate Klicks\n2025-11-01,1,2",
            "Requêtes les plus fréquentes,Clics - 3 derniers mois,Clics - 3 mois précédents\na,1,2",
        ),
        "metadata": ("Property,Value\nIssue,Not found (404)", "Property,Wert\nProblem,Nicht gefunden"),
        "bing": (
            "Keyword,Impressions,Clicks,CTR,Avg. Position\nhund,10,1,10%,3",
            f"Page,Impressions,Clicks,CTR,Avg. Position\n{SITE}a,10,1,10%,3",
            "Date,Impressions,Clicks,CTR,Avg. Position\n11/1/2025,10,1,10%,3",
        ),
        "ga4_search": (
            "Organische Google-Suchanfrage,Organische Google-Suche – Klicks,Sitzungen\nhund,1,9",
            "Landing page,Organic Google Search clicks,Organic Google Search impressions,Sessions\n/a,1,10,5",
        ),
        "other_language": (
            f"Mest populära sidor,Klick,Visningar,CTR,Position\n{SITE}a,20,200,10%,4",
            f"Principais páginas,Cliques,Impressões,CTR,Posição\n{SITE}a,20,200,10%,4",
            "Nejčastější dotazy,Kliknutí,Zobrazení,CTR,Pozice\npes,20,200,10%,4",
        ),
        "video_chart": ("Date,No video indexed,Video indexed,Impressions\n2025-11-01,1,2,3",),
        "api_keys": (
            "keys,clicks,impressions,ctr,position\n\"['2025-11-01', 'hund']\",1,10,0.1,3.5",
            "keys;clicks;impressions;ctr;position\n('2025-11-01', 'hund');1;10;0,1;3,5",
        ),
        "seo_tool": (
            "Keyword,Volume,KD,Traffic,Current position\nhund,1200,3,40,2",
            f"Keyword;Position;URL;Wettbewerb;Suchvolumen\nhund;3;{SITE}a;20;1200",
        ),
        "ads": ("Campaign,Clicks,Impr.,CTR,Avg. CPC,Cost\nx,1,2,50%,0.1,0.1",),
        "sitemaps": (
            "Sitemap,Type,Last read,Status,Discovered URLs\n/sitemap.xml,Sitemap,2025-11-01,Success,12",
        ),
        "bulk_incomplete": (
            "data_date;site_url;query;is_anonymized_query;impressions;clicks\n2025-11-01;sc-domain:a.example;x;false;1;1",
        ),
    }
    for kind, variants in texts.items():
        for number, text in enumerate(variants):
            yield Sample(kind, f"bericht-{number}.csv", text)


ABROAD = {
    "fr": {
        "page_indexing_chart": "Date,Non indexées,Indexées,Impressions",
        "page_indexing": "Motif,Source,Validation,Pages",
        "drill_down": "URL,Dernière exploration",
        "core_web_vitals_chart": "Date,Médiocre,À améliorer,Bon",
        "links_pages": "Page cible,Liens entrants,Sites d'origine",
        "generative_ai": "Date,Impressions",
    },
    "es": {
        "page_indexing_chart": "Fecha,Sin indexar,Indexadas,Impresiones",
        "page_indexing": "Motivo,Fuente,Validación,Páginas",
        "drill_down": "URL,Último rastreo",
        "core_web_vitals_chart": "Fecha,Deficiente,Necesita mejorar,Bueno",
        "links_pages": "Página de destino,Enlaces entrantes,Sitios que enlazan",
        "generative_ai": "Fecha,Impresiones",
    },
    "it": {
        "page_indexing_chart": "Data,Non indicizzate,Indicizzate,Impressioni",
        "page_indexing": "Motivo,Origine,Convalida,Pagine",
        "drill_down": "URL,Ultima scansione",
        "core_web_vitals_chart": "Data,Scadente,Miglioramento necessario,Buono",
        "links_pages": "Pagina di destinazione,Link in entrata,Siti con link",
        "generative_ai": "Data,Impressioni",
    },
    "nl": {
        "page_indexing_chart": "Datum,Niet geïndexeerd,Geïndexeerd,Vertoningen",
        "page_indexing": "Reden,Bron,Validatie,Pagina's",
        "drill_down": "URL,Laatst gecrawld",
        "core_web_vitals_chart": "Datum,Slecht,Verbetering nodig,Goed",
        "links_pages": "Doelpagina,Inkomende links,Linkende sites",
        "generative_ai": "Datum,Vertoningen",
    },
    "pl": {
        "page_indexing_chart": "Data,Niezindeksowane,Zindeksowane,Wyświetlenia",
        "page_indexing": "Przyczyna,Źródło,Weryfikacja,Strony",
        "drill_down": "URL,Ostatnie skanowanie",
        "core_web_vitals_chart": "Data,Słaba jakość,Wymaga poprawy,Dobra jakość",
        "links_pages": "Strona docelowa,Linki przychodzące,Witryny linkujące",
        "generative_ai": "Data,Wyświetlenia",
    },
    "tr": {
        "page_indexing_chart": "Tarih,Dizine eklenmedi,Dizine eklendi,Gösterimler",
        "page_indexing": "Neden,Kaynak,Doğrulama,Sayfalar",
        "drill_down": "URL,Son tarama",
        "core_web_vitals_chart": "Tarih,Kötü,İyileştirme gerekiyor,İyi",
        "links_pages": "Hedef sayfa,Gelen bağlantılar,Bağlantı veren siteler",
        "generative_ai": "Tarih,Gösterimler",
    },
}
"""Headings of reports that are not loaded, in the other languages (German and English stand below)."""
ABROAD_CELLS = {
    "page_indexing_chart": "2025-11-01,10,20,30",
    "page_indexing": "404,Website,-,12",
    "drill_down": f"{SITE}a,2025-11-01",
    "core_web_vitals_chart": "2025-11-01,1,2,3",
    "links_pages": f"{SITE}a,12,3",
    "generative_ai": "2025-11-01,120",
}


def _reports_abroad() -> Iterator[Sample]:
    for language, heads in ABROAD.items():
        for kind, head in heads.items():
            yield Sample(kind, f"bericht-{language}.csv", f"{head}\n{ABROAD_CELLS[kind]}")


def _portal() -> Iterator[Sample]:
    pages = (
        f"period;url;visits\n2025-11;{SITE}a;3\n",
        f"Monat;Seite;Besuche;Seitenaufrufe\n2025-11;{SITE}a;3;4\n",
        f"label,nb_visits,nb_hits,url\n/a,3,4,{SITE}a\n",
        f"date,label,nb_visits,nb_hits,url\n2025-11-01,/a,3,4,{SITE}a\n",
        f"Bezeichnung\tEindeutige Seitenansichten\tSeitenansichten\tMetadaten: url\n/a\t3\t4\t{SITE}a\n",
        "Seitenpfad und Bildschirmklasse,Aufrufe,Aktive Nutzer,Ereignisanzahl\n/a,3,4,5\n",
        "Page path and screen class,Views,Active users\n/a,3,4\n",
        f"Page location,Views\n{SITE}a,3\n",
        f"Tag;Seiten-URL;Anträge;Fälle\n01.11.2025;{SITE}a;3;4\n",
    )
    for number, text in enumerate(pages):
        yield Sample("portal_pages", f"portal-{number}.csv", text)
    months = (
        f"Seite;Okt 2025;Nov 2025\n{SITE}a;3;4\n",
        f"Seite;2025-10;2025-11;Summe\n{SITE}a;3;4;7\n",
        f"URL;Jan;Feb;Mrz\n{SITE}a;3;4;5\n",
        f"Seite;Aufrufe Oktober 2025;Aufrufe November 2025\n{SITE}a;3;4\n",
        f"URL,Q3 2025,Q4 2025\n{SITE}a,3,4\n",
    )
    for number, text in enumerate(months):
        yield Sample("portal_months", f"monate-{number}.csv", text)
    others = (
        f"Bezeichnung,Ausstiege,Eindeutige Seitenansichten,Ausstiegsrate,Metadaten: url\n/a,400,500,50%,{SITE}a\n",
        f"Bezeichnung,Einstiege,Absprünge,Absprungrate,Metadaten: url\n/a,400,200,50%,{SITE}a\n",
        f"label,nb_downloads,nb_uniq_downloads,url\nantrag.pdf,50,40,{SITE}antrag.pdf\n",
        "Bezeichnung,Eindeutige Klicks,Klicks,Metadaten: url\nbund.example,40,50,https://bund.example/x\n",
        "Bezeichnung,Konversionen,Konversionsrate\nAntrag,10,5%\n",
    )
    for number, text in enumerate(others):
        yield Sample("matomo_other", f"matomo-{number}.csv", text)
    yield Sample(
        "pages_beside",
        "entwicklung.csv",
        "date,nb_visits_/leistung/pass,nb_hits_/leistung/pass\n2025-11-01,1,2\n",
    )
    yield Sample("pages_beside", "gedreht.csv", f"Monat;{SITE}a;{SITE}b\nOkt 2025;3;4\nNov 2025;5;6\n")
    yield Sample("portal_pages", "pi.csv", f"URL;Page Impressions;Visits\n{SITE}a;1.234;900\n")
    yield Sample("portal_pages", "kw.csv", f"Kalenderwoche;Seite;Besuche\n03.11.2025;{SITE}a;3\n")
    yield Sample("portal_months", "excel.csv", f"Seite;Okt 25;Nov 25\n{SITE}a;3;4\n")
    searches = (
        "Suchbegriff;Suchen;Suchergebnisseiten\nhundesteuer;7;9\n",
        "Keyword,Searches,Search Results pages,% Search Exits\nhundesteuer,7,9,20%\n",
        "Bezeichnung,Suchanfragen,Suchergebnisseiten,Ausstiegsrate der Suche\nhund,40,1.2,50%\n",
        "Monat;Suchbegriff;Suchen;Ohne Treffer\n2025-11;hundesteuer;7;0\n",
    )
    for text in searches:
        yield Sample("portal_search", "Suche 2025-11.csv", text)
    yield Sample("portal_summary", "summe.csv", "Datum;Besuche;Seitenansichten\n2025-11-01;5;6\n")
    yield Sample("portal_summary", "titel.csv", "Seitentitel,Aufrufe\nHund anmelden,6\n")
    yield Sample("portal_without_figures", "leer.csv", f"period;url\n2025-11;{SITE}a\n")
    yield Sample(
        "matomo_error", "a.csv", "Error: An unexpected error occured: SQLSTATE[HY000] [2006] gone away\n"
    )
    yield Sample("no_data", "b.csv", "No data available\n")


def _cases() -> Iterator[Sample]:
    tables = (
        "Leistung;Monat;Kanal;Fälle;Anträge\nBauportal;2025-11;Online;12;12\n",
        "Leistungsschlüssel;Monat;Fallzahlen\n99102013104000;2025-11;12\n",
        "Leistung;Monat;Online;Schalter;Post\nHundesteuer;11/2025;3;4;5\n",
        "Dienstleistung,Monat,Vorgänge,Bearbeitungszeit (Tage),Offene Fälle,Kosten (Euro)\n"
        "Bauportal,2025-11,9,3.5,2,80\n",
        "Kennung;Berichtsmonat;Zugangskanal;Anzahl Fälle;davon Ende-zu-Ende\nhundesteuer;2025-11;Post;9;0\n",
        "Leistung;Monat;Anträge\nWohngeld;2025-11;40\n",
        "ARS;Leistung;Monat;Rückstand\n053160000000;Wohngeld;2025-11;40\n",
    )
    for number, text in enumerate(tables):
        yield Sample("service_cases", f"amt-{number}.csv", text)
    ratings = (
        "Leistung;Datum;Sterne;Freitext\nBauportal;2025-11-03;4;gut\n",
        "Leistungsschlüssel;Abgegeben am;Bewertung\n99102013104000;03.11.2025 14:22;4\n",
        "Dienstleistung,Monat,Rating,Anzahl\nBauportal,2025-11,4,9\n",
        "ARS;Kennung;Zeitstempel;Zufriedenheit;Kommentar\n053160000000;hundesteuer;2025-11-03T14:22;4/5;\n",
    )
    for number, text in enumerate(ratings):
        yield Sample("service_feedback", f"formular-{number}.csv", text)
    yield Sample(
        "dashboard_usage",
        "dashboard.csv",
        "ARS;Leistungsschlüssel;Leistung;Monat;Anzahl Transaktionen\n053160000000;99102013104000;Hund;2025-11;12\n",
    )


def _lists() -> Iterator[Sample]:
    yield Sample("ozg_list", "liste.csv", "service_id;name;list;status\nhund;Hund;aktuell;offen\n")
    yield Sample(
        "pvog",
        "pvog.csv",
        "leika_key;leika_name;ars;url;online_status;aktiv;export_datum\n"
        "99102013104000;Hundesteuer;053160000000;https://a.example/;ok;ja;2025-11-20\n",
    )
    yield Sample(
        "pvog",
        "camel.csv",
        "leikaKey,leikaName,ars,url,onlineStatus,aktiv,exportDatum\n"
        "99102013104000,Hundesteuer,053160000000,https://a.example/,ok,ja,2025-11-20\n",
    )
    yield Sample(
        "leika_catalogue",
        "katalog.csv",
        "leistungsschluessel;bezeichnung;leika_typ;ozg_id;ozg_leistung;themenfeld\n"
        "99012001000000;Abbruchgenehmigung;4;10513;Abbruchgenehmigung;Bauen & Wohnen\n",
    )
    yield Sample(
        "leika_catalogue",
        "leika.csv",
        "Leistungsschlüssel;Leistungsbezeichnung;Typisierung\n99012001000000;Abbruch;4\n",
    )
    yield Sample(
        "service_offers",
        "efa.csv",
        "Leistungsschlüssel;Leistung;Anbieter;Preis;Vertrag;Verfügbar ab;Link\n"
        "99102013104000;Hundesteuer;Land Hessen;0,45 € je Fall;FIT-Store;2025-07;https://efa.example/hund\n",
    )
    yield Sample(
        "service_offers", "dienste.csv", "LeiKa-ID,Bezeichnung,Hersteller\n99102013104000,Hundesteuer,Firma\n"
    )
    yield Sample("leika_catalogue", "schluessel.csv", "Schlüssel;Bezeichnung\n99012001000000;Abbruch\n")
    yield Sample(
        "ozg_catalogue",
        "ozg.csv",
        "ozg_id;ozg_leistung;themenfeld;anzahl_leistungen\n10000;Elterngeld;Familie & Kind;4\n",
    )
    yield Sample(
        "ozg_catalogue", "ozg2.csv", "OZG-ID;OZG-Leistung;Themenfeld\n10000;Elterngeld;Familie & Kind\n"
    )


SAMPLES: tuple[Sample, ...] = (
    *_exports(),
    *_rows(),
    *_reports(),
    *_reports_abroad(),
    *_portal(),
    *_cases(),
    *_lists(),
)
