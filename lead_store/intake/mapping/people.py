"""Names told by their values alone, where no header says name: a file without headers, or with words nobody knows.

Two words with capitals may be a city as well as a person; the given names of many countries tell them apart.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Sequence
from functools import cache

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Claim, Column
from lead_store.intake.mapping.headers import without_accents
from lead_store.intake.mapping.profiles import NEARLY_ALL, Kind
from lead_store.intake.mapping.senses import Sense

# Of lists of cities and states, one value in three at most begins like a person, of people's names three in four. With
# the given name anywhere, as where the family's comes first, it is one in two against nearly all.
_LEAST_SHARE = 0.5
_LEAST_SHARE_ANYWHERE = 0.8
_LEAST_SHARE_OF_FAMILIES = 0.5
# A header that somebody wrote says something, if not to us: more values must speak against it.
_LEAST_VALUES, _LEAST_VALUES_UNDER_A_WORD = 2, 3
_VALUES_THAT_REPEAT = 20
# Two to four signs of Chinese or Korean.
_JOINED_NAME = re.compile(r"^\s*([\u4e00-\u9fff\uac00-\ud7af])([\u4e00-\u9fff\uac00-\ud7af]{1,3})\s*$")
# Who receives a parcel is the person of the row where nobody else is named.
_OPEN_TO_PEOPLE = frozenset({Sense.NEUTRAL, Sense.PRIMARY, Sense.SHIPPING})
_SCORE, _SCORE_BY_FORM = 0.6, 0.55
_SOME, _LEAST_DIFFERENT = 0.5, 0.8


def claim_by_values(columns: Sequence[Column]) -> list[Claim]:
    """The column of whole names, or else those of first and last names side by side; empty where there is none."""
    silent = [column for column in columns if _is_silent(column)]
    shares = {column.index: _share_of_people(column.values) for column in silent}
    likely = [column for column in silent if shares[column.index]]
    if not likely:
        return _claim_the_only_words(silent)
    wholes = [column for column in likely if column.profile.share(Kind.PERSON) > column.profile.share(Kind.WORD)]
    if wholes:
        best = max(wholes, key=lambda column: (shares[column.index], -column.index))
        return [Claim(Field.NAME, best.index, _SCORE, 6.0, "The values look like people's names.")]
    best = max(likely, key=lambda column: (shares[column.index], -column.index))
    beside = [column for column in silent if abs(column.index - best.index) == 1]
    other = max(beside, key=lambda column: _share_of_families(column.values), default=None)
    if other is None or _share_of_families(other.values) < _LEAST_SHARE_OF_FAMILIES:
        return [Claim(Field.NAME, best.index, _SCORE, 6.0, "The values look like people's first names.")]
    # Many a family is called by what is a given name elsewhere: Joseph, Rogers.
    first, last = sorted((best, other), key=lambda column: _lean_to_given(column.values), reverse=True)
    return [
        Claim(Field.FIRST_NAME, first.index, _SCORE, 6.0, "The values look like people's first names."),
        Claim(Field.LAST_NAME, last.index, _SCORE, 6.0, "The values look like family names, beside first names."),
    ]


def _claim_the_only_words(silent: Sequence[Column]) -> list[Claim]:
    """The one column without a header in which nearly all have several words with capitals, and hardly two the same
    ones: more names are in use than any list knows. Cities come again and again, and many are of one word."""
    several = [column for column in silent if column.profile.share(Kind.PERSON) >= _SOME]
    if len(several) != 1 or not several[0].header.is_unreadable:
        return []
    found, profile = several[0], several[0].different
    if profile.share(Kind.PERSON) < NEARLY_ALL or profile.filled < _LEAST_DIFFERENT * found.profile.filled:
        return []
    reason = "The values are written like people's names, and no other column's are."
    return [Claim(Field.NAME, found.index, _SCORE_BY_FORM, 6.0, reason)]


def _share_of_people(values: Sequence[str]) -> float:
    """The part of the filled values, 0 to 1, that read as a person's name; 0 where too few do."""
    given, families = _known_names()
    filled = _split(values)
    begins = sum(words[0] in given or (words[0] in families and not given.isdisjoint(words)) for words in filled)
    holds = sum(not given.isdisjoint(words) for words in filled)
    if filled and holds >= _LEAST_SHARE_ANYWHERE * len(filled):
        return holds / len(filled)
    return begins / len(filled) if filled and begins >= _LEAST_SHARE * len(filled) else 0.0


def _share_with(names: frozenset[str], values: Sequence[str]) -> float:
    filled = _split(values)
    return sum(not names.isdisjoint(words) for words in filled) / len(filled) if filled else 0.0


def _share_of_families(values: Sequence[str]) -> float:
    return _share_with(_known_names()[1], values)


def _lean_to_given(values: Sequence[str]) -> float:
    """How much more often, of the filled values, a word is a given name than a family's: -1 to 1."""
    return _share_with(_known_names()[0], values) - _share_of_families(values)


def _is_silent(column: Column) -> bool:
    """Whether the header says nothing that we know, and most values may be different people's names."""
    profile, header = column.profile, column.header
    least = _LEAST_VALUES if header.is_unreadable else _LEAST_VALUES_UNDER_A_WORD
    return (
        profile.filled >= least
        and profile.share(Kind.PERSON, Kind.WORD) >= 0.8
        and profile.distinct >= _least_different(profile.filled) * profile.filled
        and Sense.STRANGER not in header.meanings
        and not header.as_written.meanings - _OPEN_TO_PEOPLE
    )


def _least_different(filled: int) -> float:
    """The part of so many values that have to be different: many a Maria is among forty people, and every weekday."""
    return 0.7 if filled < _VALUES_THAT_REPEAT else 0.4


def _split(values: Sequence[str]) -> list[list[str]]:
    """The words of each filled value; of one in Chinese or Korean, also the family's name and the rest."""
    spaced = (_JOINED_NAME.sub(r"\g<0> \1 \2", value or "") for value in values)
    spoken = (re.findall(r"[^\W\d_][\w'’\-]*", without_accents(value.casefold())) for value in spaced)
    return [words for words in spoken if words]


@cache
def _known_names() -> tuple[frozenset[str], frozenset[str]]:
    """Given and family names in lower case, without accents: those of Faker, from most countries."""
    given: set[str] = set()
    families: set[str] = set()
    # Loaded by those who need it: most files say name in a header.
    providers = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"{providers.__name__}.{module.name}").Provider
        given.update(_names_in(provider, "first"))
        families.update(_names_in(provider, "last"))
    return frozenset(given), frozenset(families)


def _names_in(provider: type, which: str) -> Iterator[str]:
    """The names in a provider's lists: first_names_female, unisex_last_names; some go with a weight each, others with
    other ways to write them."""
    for attribute, names in vars(provider).items():
        words = set(attribute.replace("names", "name").split("_"))
        if {which, "name"} <= words and isinstance(names, (tuple, list, dict)):
            spelt = (each for name in names for each in ((name,) if isinstance(name, str) else name))
            yield from (without_accents(name.casefold()) for name in spelt)
