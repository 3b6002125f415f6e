"""QCodes to concept URIs, through the catalogs that an item names. What an alias looks like says nothing.

The IPTC's own catalogs are here as a table, since they are known by their address; those of others are never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.ingest.parse.codes import Assumed, assumption
from services.ingest.parse.xml_tree import Element, all_named
from shared.article import Assumption

__all__ = ["CV", "IPTC_ALIASES", "Catalogs", "catalogs_of"]

CV = "http://cv.iptc.org/newscodes/"
IPTC_CATALOG = re.compile(r"https?://(?:www\.)?iptc\.org/std/catalog/catalog\.IPTC-G2-Standards_\d{1,3}\.xml")
MOST_SCHEMES = 1_000

# From catalog.IPTC-G2-Standards_33.xml (IPTC, CC BY 4.0): what describes text, and not the codecs of pictures and film.
NEWSCODES = {
    "altidrole": "altidrole", "app": "application", "catinat": "catinature", "cinat": "cinature",
    "cpnat": "cpnature", "cpprole": "contentprodpartyrole", "crel": "conceptrelation", "ctrol": "contributorrole",
    "cwarn": "contentwarning", "digsrctype": "digitalsourcetype", "drol": "descriptionrole", "encd": "encoding",
    "entityprop": "entityproperty", "erol": "edrole", "gen": "generic", "genre": "genre", "hopaction": "hopaction",
    "hatarget": "hopactiontarget", "howextr": "howextracted", "ikos": "ikos", "irel": "itemrelation",
    "isrol": "infosourcerole", "loctyp": "location", "lrol": "languagerole", "medtop": "mediatopic",
    "mtyp": "mediatype", "ncostat": "newscoveragestatus", "ninat": "ninature", "nmsig": "newsmsgsignal",
    "nprod": "newsproduct", "nprov": "newsprovider", "nprt": "namepart", "nrol": "namerole", "oito": "ofinterestto",
    "pgrmod": "pkggroupmode", "plinat": "plinature", "prio": "priority", "prodgenre": "productgenre",
    "prov": "provider", "riaspect": "riaspect", "riscope": "riscope", "rnd": "rendition", "scn": "scene",
    "sev": "severity", "sig": "signal", "squ": "subjectqualifier", "stat": "pubstatusg2", "subj": "subjectcode",
    "urgy": "urgency", "why": "whypresent", "wldreg": "worldregion",
}  # fmt: skip
IPTC_ALIASES: Mapping[str, str] = {alias: f"{CV}{name}/" for alias, name in NEWSCODES.items()} | {
    "a1312cat": "http://cvx.iptc.org/anpa1312-category/",
    "a1312prio": "http://cvx.iptc.org/anpa1312-priority/",
    "bcp47": "http://cvx.iptc.org/bcp47/",
    "isin": "http://cvx.iptc.org/isin/",
    "iso3166-1a2": "http://cvx.iptc.org/iso3166-1a2/",
    "iso3166-1a3": "http://cvx.iptc.org/iso3166-1a3/",
    "mic": "http://cvx.iptc.org/iso10383-mic/",
    "dbpedia": "http://dbpedia.org/resource/",
    "geonames": "http://sws.geonames.org/",
    "wikidata": "http://www.wikidata.org/entity/",
}


@dataclass(slots=True)
class Catalogs:
    """The aliases that an item's catalogs declare, and whether one of them is of somebody else."""

    aliases: Mapping[str, str]
    elsewhere: str | None = None
    """Address of a catalog that is not here."""
    notes: dict[str, Assumption] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every alias that the item may use is known."""
        return self.elsewhere is None and bool(self.aliases)

    def uri(self, element: Element | None, name: str = "qcode", uri_name: str = "uri") -> str | None:
        """Return the URI of the concept that an element names; None when no catalog declares its alias."""
        if element is None:
            return None
        return (element.get(uri_name) or "").strip() or self._expand((element.get(name) or "").strip())

    def iptc(self, element: Element | None, scheme: str, name: str = "qcode", uri_name: str = "uri") -> str | None:
        """Return the code that an element names in one of the IPTC's schemes; None when it names something else.

        Where the item names a catalog that is not here, or none, and no other declares the alias, the IPTC's own alias
        is taken for what it says, and that is noted: agencies list the IPTC's schemes in catalogs of their own.
        """
        found = self.uri(element, name, uri_name)
        if found is not None:
            return _code_in(found, scheme)
        alias, _, code = ((element.get(name) or "") if element is not None else "").strip().partition(":")
        if self.is_complete or IPTC_ALIASES.get(alias) != f"{CV}{scheme}/" or not code:
            return None
        unread = f"{self.elsewhere} was not read" if self.elsewhere else "no catalog is named"
        note = assumption(Assumed.CATALOG_UNREAD, f"{alias} is the IPTC's {scheme}; {unread}")
        self.notes.setdefault(alias, note)
        return code

    def _expand(self, qcode: str) -> str | None:
        alias, colon, code = qcode.partition(":")
        scheme = self.aliases.get(alias)
        return f"{scheme}{code}" if colon and code and scheme else None


def catalogs_of(item: Element, header: Element | None = None) -> Catalogs:
    """Return the catalogs of an item; those of the message's header for an item that names none."""
    for holder in (item, header):
        if holder is not None and (holder.find("catalogRef") is not None or holder.find("catalog") is not None):
            return _catalogs(holder)
    return Catalogs({})


def _catalogs(holder: Element) -> Catalogs:
    aliases: dict[str, str] = {}
    elsewhere: str | None = None
    for reference in all_named(holder, "catalogRef"):
        address = (reference.get("href") or "").strip()
        if IPTC_CATALOG.fullmatch(address):
            aliases.update(IPTC_ALIASES)
        else:
            elsewhere = elsewhere or address[:150]
    for scheme in all_named(holder, "catalog/scheme", MOST_SCHEMES):
        alias, uri = scheme.get("alias"), (scheme.get("uri") or "").strip()
        if alias and uri:
            aliases[alias] = uri  # what the item declares itself goes before what it refers to
    return Catalogs(aliases, elsewhere)


def _code_in(uri: str, scheme: str) -> str | None:
    found = re.fullmatch(rf"https?://cv\.iptc\.org/newscodes/{re.escape(scheme)}/([^/?#]{{1,100}})", uri)
    return found[1] if found else None
