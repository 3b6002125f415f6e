"""English words that say nothing of a story: function words, and the furniture of news prose."""

# ruff: noqa: RUF001 - copy is full of typographic quotes, and they are matched here

from __future__ import annotations

__all__ = ["ENGLISH", "IRREGULAR_VERBS"]

FUNCTION_WORDS = """
a about above across after again against ago all almost along already also although always am amid among an and
another any anyone anything are aren't around as at away back be became because become been before behind being below
between both but by came can can't cannot come could couldn't did didn't do does doesn't doing don't down during each
either else enough even ever every everyone everything far few for from further get gets getting go goes going gone
got had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself him himself his how however i
i'd i'll i'm i've if in indeed inside instead into is isn't it it's its itself just keep kept last later least less
let let's like likely little long made make makes making many may maybe me meanwhile might mine more most much must my
myself near nearly need neither never next no nobody none nor not nothing now of off often on once one only onto or
other others our ours ourselves out outside over own per perhaps put quite rather really same see seen several shall
she she'd she'll she's should shouldn't since so some someone something sometimes soon still such take taken takes
taking than that that's the their theirs them themselves then there there's therefore these they they'd they'll
they're they've thing things this those though through throughout thus to together too took toward towards under
unless unlike until up upon us use used using very via was wasn't way we we'd we'll we're we've well went were weren't
what what's whatever when where whether which while who who's whom whose why will with within without won't would
wouldn't yes yet you you'd you'll you're you've your yours yourself
"""
NEWS_FURNITURE = """
according added adding agency announced asked called calling comment comments confirmed day days declined described
earlier editing email expected explained file five first former four friday hour hours including interview january
february march april june july august september october november december monday month months morning mr mrs ms dr new
news newspaper night number official officials part people percent photo plan plans president prime minister question
quoted read reported reporter reporters reporting reports said saturday say saying says second seen six spokesman
spokesperson spokeswoman state stated statement sunday ten third three thursday time times today told tomorrow tuesday
two update wednesday week weeks wrote year years yesterday
"""

ENGLISH = frozenset(f"{FUNCTION_WORDS} {NEWS_FURNITURE}".split()) | {
    word.replace("'", "’") for word in FUNCTION_WORDS.split()
}

_IRREGULAR_VERBS = """
aboard began begun bring brings brought built buy caught chose chosen create drew driven fell felt flew found gave
give given gives giving grew grown heard held hold holding holds knew know known knows lead leads learn led left live
lost mean means meant meet meets met paid put ran remain remains run runs saw send sent set sets show shown shows sold
sought speak spend spent spoke spread stand stood tell think thought took tried try tries turn understood want wants
won wore worn write written
"""
IRREGULAR_VERBS = frozenset(_IRREGULAR_VERBS.split())
"""Words that are verbs in nearly all news copy and have no ending that says so: no name of anything."""
