"""What headings mean, in the languages of the exports that cities hold; one heading may mean several things.

Search Console's words are listed for German, English, French, Spanish, Italian, Dutch, Polish and Turkish. A heading
that is not listed here is a leftover: what it means for the table is decided by each kind of file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_WORDS: Mapping[str, str] = {
    "row_number": "#, nr, no, row, zeile, zeilennummer, index, lfd nr, lfd. nr, unnamed: 0",
    # Search Console: dimensions
    "date": """
        date, datum, data, fecha, tarih, day, tag, jour, día, dia, giorno, dag, dzień, gün, date range,
        zeitraum, période, período, periodo, periode, okres, tarih aralığı, dönem, week, woche, semaine,
        semana, settimana, tydzień, hafta, month, monat, mois, mes, mese, maand, miesiąc, ay, data date,
        year month, year month day, iso week, kalenderwoche, kw""",
    "hour": """
        time, zeit, heure, hora, ora, tijd, godzina, czas, saat, zaman, uhrzeit, stunde, hour, date hour,
        date + hour""",
    "query": """
        query, queries, top queries, search query, search queries, suchanfrage, suchanfragen, suchbegriff,
        häufigste suchanfragen, die häufigsten suchanfragen, requête, requêtes, requêtes les plus
        fréquentes, consulta, consultas, consultas principales, query principali, query più frequenti, query
        di ricerca, zoekopdracht, zoekopdrachten, populairste zoekopdrachten, populaire zoekopdrachten,
        meest voorkomende zoekopdrachten, zapytanie, zapytania, najpopularniejsze zapytania, najczęstsze
        zapytania, sorgu, sorgular, en çok yapılan sorgular, en popüler sorgular, en çok kullanılan
        sorgular, arama sorgusu""",
    "page": """
        page, pages les plus populaires, top pages, url, seite, adresse, address, die häufigsten seiten,
        häufigste seiten, pages principales, página, páginas principales, páginas más populares, pagina,
        pagine principali, pagine più visitate, populairste pagina's, populaire pagina's, meest bezochte
        pagina's, strona, adres url, najpopularniejsze strony, najczęściej wyświetlane strony, sayfa, en çok
        ziyaret edilen sayfalar, en popüler sayfalar, landing page, landingpage, zielseite, url der seite,
        page url, page de destination, página de destino, página de aterrizaje, pagina di destinazione,
        bestemmingspagina, landingspagina, strona docelowa, açılış sayfası""",
    "country": "country, land, pays, país, paese, kraj, ülke, countries",
    "device": """
        device, device category, gerät, gerätekategorie, gerätetyp, appareil, dispositivo, apparaat,
        urządzenie, cihaz, device type""",
    "appearance": """
        search appearance, searchappearance, darstellung in der suche, apparence dans les résultats de
        recherche, apparence dans la recherche, aparición en búsquedas, apariencia en el buscador, aspecto
        de la búsqueda, aspetto nella ricerca, visualizzazione nella ricerca, weergave in zoekresultaten,
        zoekopmaak, wygląd w wyszukiwarce, wygląd w wynikach wyszukiwania, arama görünümü, aramadaki görünüm""",
    "search_type": """
        search type, suchtyp, suchart, type de recherche, tipo de búsqueda, tipo di ricerca, zoektype, typ
        wyszukiwania, rodzaj wyszukiwania, arama türü, google property type, results for""",
    "property": "site, site url, property, property name, websiteproperty, website",
    # Search Console: figures
    "clicks": """
        clicks, klicks, clics, clic, klikken, click, kliki, liczba kliknięć, tıklama sayısı, nombre
        de clics, kliknięcia, tıklamalar, tıklama, url clicks, url
        klicks, klicks auf url, klicks auf urls, clics sur l'url, clics url, clic url, clic sull'url, klikken op
        url, url klikken, kliknięcia url, kliknięcia adresu url, url tıklamaları,
        total clicks, clicks total, gesamtzahl der klicks, nombre
        total de clics, clics en la url, clics totales, clic totali, totaal aantal klikken, łączna liczba
        kliknięć, toplam tıklama""",
    "impressions": """
        impressions, impressionen, impresiones, impressioni, vertoningen, impressies, weergaven in
        zoekresultaten, liczba wyświetleń, gösterim sayısı, nombre d'impressions, wyświetlenia,
        gösterimler, gösterim, görüntüleme, total impressions, impr, gesamtzahl der impressionen,
        impressions totales, impresiones totales, impressioni totali, toplam gösterim""",
    "ctr": """
        ctr, to, klickrate, url ctr, site ctr, average ctr, avg ctr, durchschnittliche ctr,
        durchschnittliche klickrate, click through rate, click-through rate, ctr moyen, taux de clics, ctr
        medio, ctr media, gemiddelde ctr, średni ctr, współczynnik klikalności, ortalama ctr, ortalama to,
        tıklama oranı, ctr (%), ctr in %, klickrate (%), ctr url, ctr de l'url, ctr de la url, ctr dell'url, ctr
        adresu url, url to""",
    "position": """
        position, posición, posizione, positie, pozycja, konum, pozisyon, sıralama, average position, avg
        position, avg. position, ave. position, durchschnittliche position, mittlere position, ø position,
        position moyenne, posición media, posizione media, gemiddelde positie, średnia pozycja, ortalama
        konum, ort. konum, ortalama pozisyon, ortalama sıralama, durchschnittl. position""",
    "filter": "filter, filtern, filtre, filtro, filtr, filters",
    "value": "value, wert, valeur, valor, valore, waarde, wartość, değer",
    "keyword": "keyword, keywords, schlüsselwort",
    "search_volume": "volume, suchvolumen, search volume, kd, keyword difficulty, wettbewerb, competition",
    "cost": """
        cost, kosten, avg. cpc, cpc, durchschn. cpc, campaign, kampagne, ad group, anzeigengruppe,
        conversions value""",
    # Search Console: other reports
    "indexed": """
        indexed, indexiert, indexée, indexées, indexada, indexadas, indicizzata, indicizzate, geïndexeerd,
        zindeksowane, dizine eklendi, dizine eklenenler""",
    "not_indexed": """
        not indexed, nicht indexiert, non indexée, non indexées, sin indexar, no indexada, no indexadas, non
        indicizzata, non indicizzate, niet geïndexeerd, niezindeksowane, dizine eklenmedi, dizine
        eklenmeyenler""",
    "reason": "reason, grund, motif, raison, motivo, reden, przyczyna, powód, neden",
    "issue": "issue, problem, problème, problema, probleem, sorun, type, typ, fehler, fehlertyp",
    "source": "source, quelle, fuente, origine, fonte, bron, źródło, kaynak",
    "trend": "trend, tendenz, tendance, tendencia, tendenza, eğilim",
    "item_name": "item name, elementname, name des elements",
    "validation": """
        validation, überprüfung, validierung, validación, convalida, validatie, weryfikacja, doğrulama""",
    "count_pages": """pages, seiten, páginas, pagine, pagina's, strony, sayfalar, affected pages, betroffene seiten,
        pages affectées, páginas afectadas""",
    "count_items": """urls, items, elemente, artikel, affected items, betroffene elemente, adressen, similar urls,
        ähnliche urls""",
    "vitals": "lcp, inp, cls, fid, group lcp, group inp, group cls, gruppen-lcp, gruppen-inp, lcp der gruppe",
    "last_crawled": """
        last crawled, letztes crawling, zuletzt gecrawlt, dernière exploration, último rastreo, ultima
        scansione, laatst gecrawld, ostatnie skanowanie, son tarama, last crawl, letzter crawl""",
    "poor": """
        niska jakość, słaba jakość,
        poor, schlecht, langsam, médiocre, deficiente, scadente, slecht, słabe, kötü, poor urls, schlechte
        urls""",
    "improve": """
        need improvement, needs improvement, optimierung erforderlich, verbesserung erforderlich,
        mittelmäßig, à améliorer, necesita mejorar, miglioramento necessario, verbetering nodig, wymaga
        poprawy, iyileştirme gerekiyor""",
    "good": "dobra jakość, good, gut, bon, bonne, buena, bueno, buone, buono, goed, dobre, iyi, good urls, gute urls",
    "valid": "valid, gültig, gültige elemente, valide, válido, valido, geldig, prawidłowe, geçerli",
    "invalid": """
        invalid, ungültig, ungültige elemente, non valide, no válido, non valido, ongeldig, nieprawidłowe,
        geçersiz, error, errors""",
    "links_in": """
        incoming links, eingehende links, links, external links, externe links, internal links, interne
        links, liens entrants, enlaces entrantes, link in entrata, inkomende links, linki przychodzące, gelen
        bağlantılar""",
    "links_sites": """
        linking sites, verweisende websites, verlinkende websites, sites d'origine, sitios que enlazan, sitios web
        que enlazan, siti che rimandano, siti con link, linkende sites, linkende websites, witryny linkujące,
        bağlantı veren siteler""",
    "links_target": """
        target page, zielseite, target pages, zielseiten, top linked page, top linked pages, seite mit den
        meisten links, page cible, página de destino, pagina di destinazione, doelpagina, strona docelowa, hedef
        sayfa""",
    "links_page": """
        linking page, linking pages, verweisende seite, verweisende seiten, verlinkende seite, verlinkende
        seiten""",
    "links_text": """linking text, link text, linktext, verweistext, ankertext, anchor text, häufigster linktext,
        top linking text, rank""",
    "links_site": "site, website",
    "crawl": """
        total crawl requests, crawling anfragen insgesamt, crawling-anfragen insgesamt, gesamtzahl der
        crawling-anfragen, total download size (bytes), gesamte downloadgröße (byte), average response time
        (ms), durchschnittliche antwortzeit (ms)""",
    "video": "video indexed, no video indexed, video indexiert, kein video indexiert",
    "sitemap": """
        sitemap, sitemap url, eingereichte sitemap, discovered urls, gefundene urls, erkannte urls""",
    "bulk": "is anonymized query, is anonymized discover, sum top position, sum position",
    "https": "https, https urls, https-urls, non-https urls, nicht-https-urls, not https",
    # Portal statistics
    "search_word": """
        suchbegriff, suchbegriffe, suchwort, suchwörter, keyword, keywords, site search keyword, search
        keyword, interner suchbegriff""",
    "searches": """
        suchen, suchvorgänge, suchanfragen, anzahl der suchen, searches, nb visits, number of searches, total
        searches, eindeutige suchanfragen, unique searches""",
    "searches_unfound": """
        ohne treffer, suchen ohne treffer, ohne ergebnis, keine treffer, without result, no result, no
        results, searches without results""",
    "search_further": """
        suchergebnisseiten, search results pages, ergebnisseiten, nb pages per search, nb hits, exit rate,
        ausstiegsrate, ausstiegsrate der suche, % absprungrate der suche, % suchausstiege, % search exits,
        % ausstiege, search exits""",
    "search_only": """
        suchergebnisseiten, search results pages, nb pages per search, ausstiegsrate der suche, % absprungrate
        der suche, % suchausstiege, % search exits, search exits""",
    "label": "label, bezeichnung, name der seite, libellé",
    "path": """
        seitenpfad, seitenpfad und abfragezeichenfolge, page path, seitenpfad und bildschirmklasse, page
        path and screen class, seiten-url, pfad, path, seitenpfad und bildschirmname, page path + query
        string, seitenpfad + abfragestring, landing page + query string, pagepath, page_path, request uri""",
    "full_address": """
        metadaten: url, metadata: url, metadata url, seitenstandort, page location, webadresse, vollständige
        url""",
    "title": """
        titel, seitentitel, page title, title, seitentitel und bildschirmklasse, seitenname, page title and
        screen class""",
    "page_views": """
        nb hits, seitenansichten, seitenaufrufe, pageviews, page views, views, aufrufe, screen page views,
        screenpageviews, page impressions, seitenimpressionen, seitenabrufe, abrufe, viewed, nb pageviews""",
    "unique_page_views": """
        nb visits, eindeutige seitenansichten, einmalige seitenansichten, unique pageviews, unique page
        views, eindeutige aufrufe, nb uniq pageviews""",
    "visits": "besuche, visits, anzahl der besuche",
    "users": """
        aktive nutzer, active users, nutzer, users, unique visitors, eindeutige besucher, nb uniq visitors,
        besucher, gesamtzahl der nutzer, total users""",
    "service_starts": "service starts, starts",
    "applications": "applications, anträge, online-anträge",
    "period": """
        period, zeitraum, monat, tag, datum, date, month, day, berichtszeitraum, woche, week, quartal,
        quarter, berichtsmonat, kalendermonat, kalenderwoche, kw, iso week, year month""",
    "address": "url, seite, adresse, page, page url, seiten-url",
    # What splits the rows of a page and so changes what each row is
    "segment": "segment, segmentname, zielgruppe, audience, vergleich, comparison",
    "browser": "browser, browsername, browserversion",
    "system": """
        betriebssystem, operating system, os, system, plattform, platform, bildschirmauflösung, screen
        resolution""",
    "channel": """
        source / medium, quelle/medium, quelle / medium, session source, sitzungsquelle, kanal, channel,
        default channel group, standard-channelgruppierung, referrer, verweis, verweisquelle, verweis-url,
        herkunft, medium, quelle, source, verweistyp, referrer type, kampagne, campaign, erste nutzerquelle,
        first user source""",
    "place": "stadt, city, region, bundesland der nutzer, ort des nutzers, kontinent, continent",
    "language": "sprache, language, browsersprache",
    "event": "ereignisname, event name, ereignis, event, event category, ereigniskategorie, eventname",
    "visitor": """
        besuchertyp, visitor type, neu/wiederkehrend, new/returning, nutzertyp, user type, alter, age,
        geschlecht, gender""",
    "time_of_day": """
        stunde, hour, uhrzeit, tageszeit, wochentag, weekday, day of week, besuchszeit, serverzeit, server
        time""",
    # Reports of Matomo that count something else than views of pages
    "other_action": """
        einstiege, eindeutige einstiege, entrances, unique entrances, absprünge, bounces, entry nb visits,
        entry nb uniq visitors, entry bounce count, ausstiege, eindeutige ausstiege, exits, unique exits,
        exit nb visits, exit nb uniq visitors, downloads, eindeutige downloads, unique downloads, nb
        downloads, nb uniq downloads, konversionen, conversions, nb conversions, ereignisse, anzahl
        ereignisse, total events, nb events, suchergebnisseiten, search results pages, nb pages per search,
        ausstiegsrate der suche, % search exits, eindeutige klicks, unique clicks, nb uniq clicks""",
    # Cases of services, from the departments' own systems
    "cases_total": """
        cases total, fälle, fälle gesamt, fallzahl, fallzahlen, anzahl fälle, anzahl der fälle, vorgänge, anzahl
        vorgänge, gesamtfälle, cases""",
    "case_channel": "kanal, channel, zugangskanal, eingangskanal, eingangsweg, zugangsweg, antragsweg, zugang",
    "channel_cases": """
        online, onlinedienst, digital, formular, e-mail, schalter, vor ort, persönlich, vorsprache, bürgerbüro, post,
        brief, postalisch, papier, schriftlich, telefon, telefonisch""",
    "end_to_end": """
        ende-zu-ende, ende zu ende, ende-zu-ende digital, davon ende-zu-ende, davon ende-zu-ende digital, end to end,
        medienbruchfrei, davon medienbruchfrei, vollständig digital, durchgängig digital""",
    "processing_days": """
        bearbeitungszeit, bearbeitungsdauer, median bearbeitungszeit, bearbeitungszeit median, bearbeitungszeit (tage),
        bearbeitungszeit in tagen, bearbeitungsdauer (tage), bearbeitungsdauer in tagen, median der bearbeitungszeit,
        mittlere bearbeitungszeit (median), processing days, processing time""",
    "backlog": "rückstand, offene fälle, offene vorgänge, unerledigte fälle, unerledigt, bestand offen, backlog",
    "case_cost": "kosten, kosten (euro), kosten (eur), kosten in euro, kosten (€), kosten eur, cost",
    # Feedback on services
    "stars": """
        sterne, anzahl sterne, sternebewertung, bewertung, bewertung (sterne), bewertung in sternen, bewertung 1 5,
        stars, rating, star rating, zufriedenheit, zufriedenheit (sterne), gesamtzufriedenheit""",
    "feedback_text": """
        freitext, kommentar, kommentartext, anmerkung, anmerkungen, rückmeldung, feedback, feedbacktext, nachricht,
        mitteilung, verbesserungsvorschlag, verbesserungsvorschläge, begründung, comment, message""",
    "feedback_date": """
        abgegeben am, eingegangen am, eingang, erstellt am, erstellt, zeitstempel, zeitpunkt, bewertet am, timestamp,
        created, created at, submitted at""",
    "answers": """
        anzahl, anzahl bewertungen, anzahl rückmeldungen, anzahl antworten, bewertungen, rückmeldungen, antworten,
        answers, count, responses""",
    # The federal dashboard
    "transactions": """
        transaktionen, anzahl transaktionen, anzahl der transaktionen, transaktionszahl, online-transaktionen, nutzung,
        nutzungen, nutzungszahl, nutzungszahlen, anzahl nutzungen, transactions, transaction count""",
    # Offers of online services to municipalities
    "offer_provider": """
        anbieter, anbieter des dienstes, bereitsteller, hersteller, umsetzer, umsetzendes land,
        efa-land, umsetzungsland,
        provider, vendor""",
    "offer_price": """
        preis, preise, preis (brutto), preis (netto), preis pro jahr, preis je jahr, preis je fall, entgelt,
        kosten pro jahr, jahrespreis, price""",
    "offer_contract": """
        vertrag, vertragsweg, vertragsart, nachnutzungsvertrag, nachnutzung, bezugsweg, bezug über, contract""",
    "offer_from": """
        verfügbar ab, verfügbar seit, ab wann, verfügbarkeit, nachnutzbar ab, bereit ab, available from""",
    "offer_link": "link, link zum angebot, angebot, produktseite",
    # Lists and catalogues
    "leika_key": """
        leika key, leika-key, leikakey, leika schlüssel, leika-schlüssel, leistungsschlüssel,
        leistungsschluessel, leika id, leika-id, leikaid, schlüssel leika, fim-schlüssel, leistungs id""",
    "leika_name": """
        leika name, leikaname, leika bezeichnung, leika-bezeichnung, leikabezeichnung, bezeichnung,
        leistungsbezeichnung, bezeichnung i, leistungsbezeichnung i, leistungsname, leistung, dienstleistung,
        verwaltungsleistung, name der leistung, name""",
    "leika_type": """
        leika typ, leika-typ, leikatyp, typ leika, leistungstyp, typisierung, verrichtung,
        verrichtungskennung, leistungsgruppierung, leistungsobjekt, rechtsgrundlage, rechtsgrundlagen,
        gesetz kurz, sdg1, sdg2, sdg, sdg-informationsbereich""",
    "ozg_id": "ozg id, ozg-id, ozgid, ozg nr, ozg nummer, ozg-nummer, ozg schlüssel",
    "ozg_name": """
        ozg leistung, ozg-leistung, ozg bezeichnung, ozg-bezeichnung, ozgbezeichnung, ozg leistungsname,
        ozg-leistungsname""",
    "ozg_theme": """
        themenfeld, lebens geschaeftslage, lebens- und geschäftslage, lebenslage, geschäftslage,
        lebens-/geschäftslage, anzahl leistungen, anzahl mit 99er schluessel, umsetzungsplanung, priorität
        ozg""",
    "ars": """
        ars, regionalschlüssel, amtlicher regionalschlüssel, ags, amtlicher gemeindeschlüssel,
        gemeindeschlüssel""",
    "online_status": "online status, online-status, onlinestatus",
    "active": "aktiv, active",
    "export_date": "export datum, export-datum, exportdatum",
    "list": "list, liste",
    "status": "status, umsetzungsstand, status original, status norm",
    "service_id": "service id, kennung",
}  # fmt: skip


_NEUTRAL = re.compile(r"\s*[(\[](?:gesamt|total|summe|anzahl|url|%|in %|prozent|percent)[)\]]$")
"""What a heading can carry without meaning anything else."""


_STEMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), concept)
    for pattern, concept in (
        (
            r"^(?!not |nicht |non |no |sin |niet |nie).*(?:indexed|indexiert|indexad|indicizz|zindeks)",
            "indexed",
        ),
        (r"^(?:not |nicht |non |no |sin |niet |nie).*(?:index|indiciz|indeks)", "not_indexed"),
        (r"linking |verweisende |verlinkende |(?:incoming|eingehende) link|backlink|top linked", "links_in"),
        (r"häufigste zielseite", "links_in"),
        (r"organisch\w* google|organic google", "organic"),
    )
)
"""Words of reports whose headings have changed over the years; only where a heading is not known as a whole."""


def plain(heading: str) -> str:
    """A heading without what spellings differ in: case, underscores, blanks, a final colon or dot."""
    text = unicodedata.normalize("NFC", heading).replace("İ", "i").casefold().replace("\u00a0", " ")
    return re.sub(r"[\s_-]+", " ", text).strip(" .:*")


@lru_cache(maxsize=1)
def _index() -> Mapping[str, frozenset[str]]:
    meanings: dict[str, set[str]] = {}
    for concept, words in _WORDS.items():
        for word in (concept, *words.split(",")):
            meanings.setdefault(plain(word), set()).add(concept)
    return {word: frozenset(concepts) for word, concepts in meanings.items()}


@lru_cache(maxsize=4096)
def concepts_of(heading: str) -> frozenset[str]:
    """Everything that a heading can mean; empty if it is not known."""
    name = plain(heading)
    found = _index().get(name) or _index().get(_NEUTRAL.sub("", name))
    if found is None:
        return frozenset(concept for stem, concept in _STEMS if stem.search(name))
    return found


def concept_words(concept: str) -> frozenset[str]:
    """The headings of one concept, in the spelling of `plain`."""
    return frozenset(word for word, concepts in _index().items() if concept in concepts)


_FILES = {
    "days": "dates, chart, diagramm, graphique, gráfico, grafico, diagram, grafiek, wykres, grafik, daten, fechas, "
    "date, datums, data, daty, tarihler",
    "queries": "queries, suchanfragen, requêtes, consultas, query, zoekopdrachten, zapytania, sorgular",
    "pages": "pages, seiten, páginas, pagine, pagina's, strony, sayfalar",
    "countries": "countries, länder, pays, países, paesi, landen, kraje, ülkeler",
    "devices": "devices, geräte, appareils, dispositivos, dispositivi, apparaten, urządzenia, cihazlar",
    "appearance": "search appearance, darstellung in der suche, apparence dans les résultats de recherche, "
    "apparence dans la recherche, apariencia en el buscador, aspecto de la búsqueda, aspetto nella ricerca, "
    "weergave in zoekresultaten, zoekopmaak, wygląd w wyszukiwarce, arama görünümü",
    "filters": "filters, filter, filtres, filtros, filtri, filtry, filtreler",
}
"""What the tables of an export are called as files or sheets, by language."""


def file_names(table: str) -> frozenset[str]:
    """The names of a table of an export, in the spelling of `plain`."""
    return frozenset(plain(word) for word in _FILES[table].split(","))


def table_named(name: str) -> str:
    """Which table of an export a file or sheet is by its name; "" if the name tells none."""
    whole = re.sub(r"\s*\(\d+\)$", "", plain(name))
    return next((table for table in _FILES if whole in file_names(table)), "")
