"""Which stories belong together: the same text, the same event, the same subject.

:mod:`traits` says what a story is compared by, :mod:`scoring` compares two, both pure; :mod:`store` remembers stories
in Redis and finds those worth comparing.
"""
