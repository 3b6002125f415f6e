"""Words that tell a place's name from the same word meaning something else."""

from __future__ import annotations

import re

__all__ = ["AFTER_ARTICLE", "IDIOMS", "LANGUAGES", "NAMES_OF_PEOPLE", "NO_GIVEN_NAMES", "UNSURE_IN_CAPITALS"]

PEOPLE = """
jordan chad georgia israel kenya cuba ireland holland england france india china wales jersey dominica monaco chile
brazil cyprus malta sudan paris sydney london berlin vienna florence victoria virginia carolina dakota montana
washington houston dallas austin lincoln alberta chelsea milan sofia adelaide perth savannah asia kent devon german
french english irish scott welsh kiwi pole polish finn dane frank lao african america
"""
NAMES_OF_PEOPLE = frozenset(PEOPLE.split())
"""Terms that are people's names as well: another capitalised word beside one makes it a person's."""

SPOKEN = """
english french spanish german italian russian chinese japanese arabic portuguese dutch korean polish greek turkish
welsh irish swedish norwegian danish finnish thai
"""
LANGUAGES = frozenset(SPOKEN.split())

BEFORE = """
the a an in of and but for from to on at as with by president minister premier chancellor king queen prince captain
coach king former ex pope sir against beat after when if while both across since central southern northern eastern
western north south east west modern upper greater team host hosts
"""
NO_GIVEN_NAMES = frozenset(BEFORE.split())
"""Capitalised words before a term that are no given name."""

AFTER_ARTICLE = frozenset({"turkey", "china", "jersey", "chad", "pole", "poles"})
"""*A turkey*, in title case: no country follows an article but in the plural."""

UNSURE_IN_CAPITALS = frozenset({"us", "turkey", "polish", "jersey", "china", "chile", "pole", "poles", "male", "nice"})

IDIOMS = re.compile(
    r"guinea (?:pigs?|fowls?|worms?)|french (?:fries|fry|toast|horn|press|bulldogs?|doors?|open\b)|brazil nuts?"
    r"|panama (?:hats?|papers)|turkey (?:sandwich|breast|farm|dinner|meat|burger|trot)\w*|turkeys|polish(?:es|ed|ing)\b"
    r"|danish (?:pastr)|swiss (?:cheese|army kni|roll)|english (?:breakfast|muffin|bulldog|language|lit)"
    r"|dutch (?:oven|courage|auction)|spanish (?:flu|language)|chinese (?:whispers|checkers)|irish (?:stew|setter)"
    r"|russian (?:roulette|doll)|greek (?:yogh?urt|salad|tragedy|myth)|turkish (?:delight|bath|coffee)|indian summer"
    r"|jersey (?:city|shore|number|cows?|sales)|georgia tech|cuba gooding|african american"
    r"|american (?:airlines|express|football|eagle|idol)|british airways|german shepherds?"
    r"|poles? (?:position|vault|dance)|finns? party|thai (?:food|curry)|egyptian cotton|cuban (?:heel|sandwich)"
)
"""What only sounds of a country."""
