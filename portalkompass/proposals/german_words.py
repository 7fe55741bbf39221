"""German words made comparable: one spelling, one form, and what carries no meaning here.

The stemmer is deliberately coarse: it only has to bring "Anmeldung" and "anmelden", "Hund" and "Hunde"
together among a few hundred names of services. What it brings together by mistake costs a proposal, not
a figure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from portalkompass.spelling import folded

_WORD = re.compile(r"[a-z]+|\d+")
_ENDINGS = ("ungen", "ung", "en", "er", "es", "em", "e", "n", "s")
_SHORTEST_STEM = 4


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOISE = _set(
    """
    aber alle als am an auf aus bei beim bis da das dass dem den der des die dies diese doch du durch ein eine
    einem einen einer eines er es fuer haben hat ich ihr ihre ihrer ihres im in ist kann koennen kein keine man
    mein meine meinem meinen meiner mich mir mit muss nach nicht noch nur ob oder schon sein sich sie sind so
    ueber um und uns unser unter vom von vor wann war was weil welche welcher wenn wer werden wie wir wird wo
    wofuer woher worum zu zum zur gibt geht macht tun lassen laesst
    antrag antraege antragsformular beantragen beantragung beantragt formular formulare vordruck pdf download
    online digital internet elektronisch onlinedienst unterlagen voraussetzungen kosten kostet gebuehr gebuehren
    preis dauer dauert lange frist termin termine hilfe info infos informationen allgemeine allgemein bekommen
    bekomme erhalten brauche brauchen benoetige holen wieviel viel neu neue neuer neues aktuell
    bescheinigung erteilung ausstellung ausstellen stadt staedtisch staedtische staedtischen kommune gemeinde
    kommunalportal portal serviceportal service dienstleistung leistung leistungen nrw deutschland
    amtlich amtliche amtlicher amtliches html php index www de
    """
)
"""Words that name no service: grammar, questions, and what is asked of every service."""

ACTIONS = _set(
    """
    anmelden anmeldung abmelden abmeldung ummelden ummeldung melden meldung anzeigen anzeige aendern aenderung
    verlaengern verlaengerung bestellen bestellung reservieren reservierung kaufen finden suchen werden
    genehmigung erlaubnis verloren verlust ersatz auskunft beratung zuschuss foerderung ausweis schein
    erweiterte erweitert oeffentliche zahlen bezahlen eroeffnen mieten
    abholen abholung anfordern entsorgen entsorgung befreiung
    """
)
"""What is done with many things: telling once the thing is known, worth little alone."""

OFFICES = _set(
    """
    abteilung fachbereich fachdienst dezernat sachgebiet dienststelle organisationseinheit oeffnungszeit
    oeffnungszeiten anfahrt telefon telefonnummer email mail kontakt ansprechpartner ansprechpartnerin adresse
    impressum datenschutz datenschutzerklaerung barrierefreiheit sitemap startseite
    pressemitteilung presse pressemeldung aktuelles nachrichten news newsletter stellenangebot stellenangebote
    buergerbuero buergeramt karriere job jobs buergermeister buergermeisterin oberbuergermeister
    oberbuergermeisterin ratssitzung stadtrat tagesordnung ausschuss mitarbeiter mitarbeiterin
    """
)
"""Signs of an office, news or house page: such a page is about the town hall, not about one service."""

PLACES = _set(
    """
    berlin hamburg muenchen koeln frankfurt stuttgart duesseldorf leipzig dortmund bremen dresden hannover
    nuernberg duisburg bochum wuppertal bielefeld bonn muenster mannheim karlsruhe augsburg wiesbaden
    gelsenkirchen moenchengladbach braunschweig aachen kiel chemnitz magdeburg krefeld freiburg mainz
    luebeck erfurt oberhausen rostock kassel hagen potsdam saarbruecken hamm ludwigshafen muelheim oldenburg
    osnabrueck leverkusen darmstadt heidelberg solingen regensburg herne paderborn neuss ingolstadt
    offenbach fuerth wuerzburg ulm heilbronn pforzheim wolfsburg goettingen bottrop reutlingen koblenz
    bremerhaven recklinghausen erlangen remscheid trier jena salzgitter moers siegen guetersloh hildesheim
    cottbus kaiserslautern witten hanau gera schwerin iserlohn dueren ratingen flensburg luenen tuebingen
    marl velbert konstanz minden worms dorsten rheine wilhelmshaven bergisch gladbach langenfeld monheim
    leichlingen burscheid odenthal dormagen hilden haan erkrath mettmann troisdorf siegburg euskirchen
    grevenbroich bergheim huerth frechen pulheim bruehl wesel kleve viersen soest unna arnsberg
    """
)
"""Towns whose name in a title or query means: not this city."""


def words(text: str) -> list[str]:
    """The folded words of a title, query or path, numbers left out."""
    return [word for word in _WORD.findall(folded(text)) if not word.isdigit()]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A folded word without its endings; at least four letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return stem(word[: -len(ending)])
    return word
