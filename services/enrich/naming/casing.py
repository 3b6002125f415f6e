"""Headlines In Title Case and TEXT IN CAPITALS, written as the body writes the same words.

The model learned on sentences: in a line of capitals it takes everything for a name, or nothing. Every character keeps
its place, so that what is found in the restored text stands where it does in the copy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from services.enrich.stop_words import ENGLISH

__all__ = ["Spellings", "is_capitals", "is_loud", "is_title_case", "restored"]

WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
OPENING = " \"'\u201c\u2018("
FEWEST_WORDS = 4
"""A shorter headline in capitals may be a name and nothing else."""
VERBS = frozenset(
    """
    accused admits after again against agrees aims airport announces apologises appeal appeals appoints
    approves arrested arrests as asks at attack attacks axes back backs ban bans battle battles be beat beats
    before begin begins best bid bids big biggest blast blasts blocks boost boosts breaks bridge brings budget
    build builds buy buys by call calls ceasefire charged charges claims clash clinch clinches closes collapse
    comes confirms continue continues court crash cup cut cuts cyclone day dead deal death deaths debut debuts
    delays deliver denies despite die dies doctors drop drops drought early earthquake ease eases edges
    elected election elects emerges end ends enters evacuated exit expands eyed eyes face faces fails fall
    falls farmers fears ferry fight final find finds fire first five flights flood floods for four from gains
    game get gets gives global goes grow grows growth guilty gun hails halts head heads hearing heat help
    helps hit hits hold holds homes hopes hospital hospitals hosts housing how hunt hurricane hurt in
    inflation injured inquest inquiry into is jail jailed jobs joins jump jumps keeps kill killed kills last
    late launch launches law lead leader leads leave leaves local lose loses loss major make makes man market
    meet meets minister minor missing more move moves mulls murder named names national near nearly nears new
    next no not nurses of off offers old on one open opens order orders out over pay plan plans plea pledges
    police poll port power praises president price prices probe probes profit profits protest protests push
    quake quits raid rain raises rallies rally rate rates reach reaches record rejects remain remains report
    reports researchers resigns return returns reveal reveals rise rises roads row rule rules run sales says
    school schools scientists score scores seeks sees sell sells sets seven shares shine shines shot show
    shows shuts sign signs six slams slashes slump small soar soars start starts state stay stays steps stocks
    stop storm storms strike strikes strong struggle struggles students study sues summit surge surges
    suspended suspends take takes talks tax teachers ten test tests the three to told top top-flight tops
    trade trains trial trials twice two typhoon under unions unveils up urged urges vote voters votes vows
    wages wants war warn warning warns water wildfire wildfires will win wins with woman workers worst wounded
    year years
    """.split()  # noqa: SIM905 - one a line would fill pages
)
"""Words of headlines that are no names, for those that the body does not show."""


class Spellings:
    """How the body of a story writes its words, where a sentence does not force a capital."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self.forms: dict[str, Counter[str]] = {}
        for paragraph in paragraphs:
            if is_capitals(paragraph):
                continue
            for found in WORD.finditer(paragraph):
                begins = _mark_before(paragraph, found.start()) in {"", ".", "!", "?", ":"}
                if not begins or found[0][0].islower() or found[0].isupper():
                    self.forms.setdefault(found[0].casefold(), Counter())[found[0]] += 1

    def of(self, word: str) -> str | None:
        """Return the commonest spelling, if the body has the word."""
        forms = self.forms.get(word.casefold()) or self.forms.get(re.sub(r"['\u2019]s$", "", word.casefold()))
        return min(forms, key=lambda form: (-forms[form], form)) if forms else None


def _mark_before(text: str, at: int) -> str:
    """Return the last character before a place that is no space, quotation mark or bracket; nothing at the start."""
    while at and text[at - 1] in OPENING:
        at -= 1
    return text[at - 1 : at] if at else ""


def is_capitals(text: str) -> bool:
    """Tell whether a text of several words is in capitals."""
    if len(text.split()) < FEWEST_WORDS:
        return False
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(str.isupper, letters)) > 0.8 * len(letters)


def is_title_case(text: str) -> bool:
    """Tell whether a headline begins its words with capitals."""
    words = [word for word in WORD.findall(text)[1:] if word.casefold() not in ENGLISH and len(word) > 2]
    return len(words) >= FEWEST_WORDS - 1 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def is_loud(text: str, *, headline: bool) -> bool:
    """Tell whether a capital says nothing in a line; a paragraph of names is no line in title case."""
    return is_capitals(text) or (headline and is_title_case(text))


def restored(text: str, spellings: Spellings) -> str:
    """Return the text in the casing of a sentence, character for character; plain casing stays."""
    capitals = is_capitals(text)
    if not capitals and not is_title_case(text):
        return text
    begun = False

    def restore(found: re.Match[str]) -> str:
        nonlocal begun
        word, begun, first = found[0], True, not begun
        form = spellings.of(word)
        if form is None:
            common = word.casefold() in ENGLISH or word.casefold() in VERBS
            form = word.lower() if common else word.capitalize() if capitals else word
        elif len(form) != len(word):
            form += word[len(form) :].lower()
        if first and form.islower():
            form = form.capitalize()
        return form if len(form) == len(word) else word

    return WORD.sub(restore, text)
