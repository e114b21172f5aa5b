"""How plausible text beyond ASCII is in each legacy encoding. Knows letters and habits of writing, and no file.

A wrong encoding betrays itself: Cyrillic within Latin words, a capital amid small letters, signs inside words,
letters that no language uses together.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from lead_store.intake.reading.texts.languages import EASTERN, LANGUAGES, Language

_MIXED_LANGUAGES = 0.85
"""Worth of a letter that the main language of the file lacks and a neighbour of it has: names travel."""

_SIGNS = frozenset("“”‘’„‚–—…•€°ºª¿¡«»§©®™№¹²³½¼¾·±×´`\xa0£¥")
_SIGNS_IN_WORDS = frozenset("’‘´·")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_PLAUSIBLE = 0.35

_BEYOND_ASCII_AND_FILL = re.compile(rb"[\x80-\xfd]")
"""0xFE and 0xFF are what damage and binary fillers leave; no file has them as its only letters."""


_MOST_BYTES = 12_000

_COMMON = frozenset(
    (
        "windows-1252",
        "windows-1250",
        "windows-1251",
        "windows-1254",
        "windows-1253",
        "mac_roman",
        "cp850",
        "iso8859-15",
        "cp932",
        "gb18030",
    )
)
_RARE_LATIN = frozenset(("iso8859-2", "cp852", "windows-1257", "iso8859-13", "windows-1258", "cp857", "cp860"))
_RARE = 0.004
"""At least this much more sense than the others an encoding must make that is seldom met."""

_COMMON_ROWS = {
    "cp932": ("shift_jis", 0x88, 0x97),
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "cp949": ("cp949", 0xFF, 0xFF),  # Korean names are seldom written in Chinese characters
}


@dataclass(frozen=True)
class Plausible:
    """An encoding, how much sense the text makes in it (at most 1), and a word of it."""

    name: str
    score: float
    example: str


@dataclass(frozen=True)
class _Verdict:
    name: str
    score: float
    text: str


def plausible_encodings(sample: bytes) -> list[Plausible]:
    """The encodings in which bytes that are not UTF-8 make sense, the most plausible first; none may be.

    Of those that differ in nothing that could be shown to a person, the likeliest.
    """
    if not _BEYOND_ASCII_AND_FILL.search(sample):
        return []
    sample = _thinned(sample)
    verdicts = [_judge_multi_byte(sample, name) for name in EASTERN]
    verdicts += [_judge_single_byte(sample, name) for name in LANGUAGES]
    # Equal scores stay in the order of the tables, the likelier encoding first.
    ranked = sorted(verdicts, key=lambda verdict: -round(verdict.score, 3))
    sensible = [verdict for verdict in ranked if verdict.score >= _LEAST_PLAUSIBLE]
    distinct: dict[str, Plausible] = {}
    for verdict in sensible:
        example = _example(verdict.text)
        distinct.setdefault(example, Plausible(verdict.name, round(verdict.score, 3), example))
    return list(distinct.values())


def _thinned(sample: bytes) -> bytes:
    """Some lines from the whole of a long sample: a few thousand letters tell as much as all."""
    if len(sample) <= _MOST_BYTES:
        return sample
    lines = sample.split(b"\n")
    step = -(-len(sample) // _MOST_BYTES)
    return b"\n".join(lines[::step])[: 2 * _MOST_BYTES]


def _example(text: str) -> str:
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return max(words[:50], key=lambda word: min(len(word), 12), default="")


def _judge_single_byte(sample: bytes, name: str) -> _Verdict:
    text = sample.decode(name, "replace")
    relatives = _relatives(name)
    best = max(_score(text, language, relatives) for language in LANGUAGES[name])
    return _Verdict(name, best - _handicap(name, text), text)


def _handicap(name: str, text: str) -> float:
    """What a rare encoding must make more sense by: much in a word or two, hardly anything in a list of people."""
    if name in _COMMON:
        return 0.0
    if name in _RARE_LATIN:
        return _RARE
    count = sum(not char.isascii() for char in text)
    return _RARE + min(0.1, 0.3 / max(count, 1))


@cache
def _relatives(name: str) -> frozenset[str]:
    letters = "".join(letter for language in LANGUAGES[name] for letter in language.worth)
    return frozenset(letters + ("ýðþ" if name == "windows-1252" else ""))


def _score(text: str, language: Language, relatives: frozenset[str]) -> float:
    """Mean worth of the characters beyond ASCII: 1 for a letter of the language in a natural place."""
    total, count = 0.0, 0
    for at, char in enumerate(text):
        if char.isascii():
            continue
        count += 1
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        total += _worth(char, before, after, language, relatives)
    return total / count if count else 0.0


def _worth(char: str, before: str, after: str, language: Language, relatives: frozenset[str]) -> float:
    if unicodedata.category(char) == "Mn":
        is_torn = after.isascii() and after.isalpha() and language.name != "vi"
        return 0.9 if _carries_marks(before, language) and not is_torn else -1.0
    if not char.isalpha() or char in "ºª":
        return _worth_of_sign(char, before, after)
    small = char.lower()
    if _is_impossible(char, small, before, after, language):
        return -1.0
    if before.isdigit():
        return -0.3
    if small in language.ends_words:
        return 1.0
    own = language.worth.get(small, language.worth.get(char))
    worth = own if own is not None else _MIXED_LANGUAGES if small in relatives else -0.5
    return worth - _unease(char, small, before, after, language)


def _is_impossible(char: str, small: str, before: str, after: str, language: Language) -> bool:
    """A capital amid small letters, two scripts in a word, a final letter that is not the last."""
    if char.isupper() and before.isalpha() and (before.islower() or (after.isalpha() and after.islower())):
        return True
    if any(near.isalpha() and _script(near) != _script(char) for near in (before, after)):
        return True
    return small in language.ends_words and after.isalpha()


def _carries_marks(before: str, language: Language) -> bool:
    """Vietnamese tones stand behind vowels, Thai vowels and tones behind letters of their own script."""
    return before in language.worth or (language.name == "vi" and before.lower() in "aeiouy") or before >= "\u0e00"


def _unease(char: str, small: str, before: str, after: str, language: Language) -> float:
    """What speaks against a letter in its place, though its language has it."""
    if _script(char) == "LATIN":
        return _unease_of_latin(char, small, before, after, language)
    # Names begin with a capital where the script has any.
    begins_small = char.islower() and char.upper() != char and not before.isalpha() and after.isalpha()
    return 0.15 if begins_small else 0.0


def _unease_of_latin(char: str, small: str, before: str, after: str, language: Language) -> float:
    begins, ends = not before.isalpha(), not after.isalpha()
    if begins and ends:
        # A letter that stands alone is as often a sign in another encoding.
        return 0.45
    is_crowded = not begins and not before.isascii() and before.lower() not in "çş"
    crowding = 0.6 if is_crowded else 0.1 if begins and char.islower() else 0.0
    return max(crowding, _rarity(small, before, after, language))


def _rarity(small: str, before: str, after: str, language: Language) -> float:
    """How seldom a letter is where it stands, in any of the languages that have it."""
    begins, ends, follows = not before.isalpha(), not after.isalpha(), after.lower()
    is_amid_consonants = not (begins or ends) and not any(map(_is_vowel, (small, before, after)))
    rarities = (
        (1.5, small == "õ" and not ends and follows != "e"),
        (0.7, small == "ã" and not ends and follows not in "oesnm"),
        # Icelandic has them the other way round; "Barýþ" is Turkish.
        (1.5, (small == "þ" and ends) or (small == "ð" and begins)),
        (1.0, (small == "ğ" and begins) or (small == "ç" and ends and language.name != "tr")),
        # Œuvre, cœur; but "Wiœniewski" and "Œwider" are Polish.
        (1.0, small == "œ" and (ends or _is_vowel(before) or (begins and follows not in "cdinstu"))),
        (0.5, small == "è" and _is_vowel(after)),
        (0.5, is_amid_consonants),
    )
    return next((rarity for rarity, is_so in rarities if is_so), 0.0)


def _is_vowel(letter: str) -> bool:
    return letter != "" and unicodedata.normalize("NFD", letter)[0].lower() in "aeiouyøæœı"


def _worth_of_sign(char: str, before: str, after: str) -> float:
    if char not in _SIGNS:
        return -1.0
    if char in _SIGNS_IN_WORDS:
        return 0.6
    if before.isalpha() and after.isalpha():
        return -1.0
    if char in "ºª°" and (before.isdigit() or before.isalpha()):
        return 1.0
    # A sign that is glued to a word is the trace of a letter in another encoding.
    return -0.3 if (before.isalpha() and char in "³²¹£¥±¼½¾") or (after.isalpha() and char in "£¥±¼½¾©®§") else 0.6


def _script(char: str) -> str:
    return unicodedata.name(char, "?").split(" ", 1)[0]


def _judge_multi_byte(sample: bytes, name: str) -> _Verdict:
    text = sample.decode(name, "replace")
    total, count = 0.0, 0
    for at, char in enumerate(text):
        if char.isascii():
            continue
        count += 1
        # Latin letters beyond ASCII, read as half of a Chinese or Japanese character, sit within Latin words.
        is_in_word = any(near.isascii() and near.islower() for near in (text[at - 1 : at], text[at + 1 : at + 2]))
        total += -0.5 if is_in_word else _worth_in_east(char, name)
    return _Verdict(name, (total / count if count else 0.0) - _handicap(name, text), text)


def _worth_in_east(char: str, name: str) -> float:
    known_by, common = EASTERN[name]
    if char in common:
        return 0.95
    if "\u3041" <= char <= "\u30ff" or "\uff01" <= char <= "\uff5e" or "\u3000" <= char <= "\u3015":
        return 1.0 if known_by == "kana" else 0.6
    if "\uff61" <= char <= "\uff9f":
        return 0.1
    if "\uac00" <= char <= "\ud7a3":
        return 0.7 if known_by == "hangul" else -1.0
    if not "\u4e00" <= char <= "\u9fff":
        return -1.0
    return _worth_of_ideograph(char, name)


def _worth_of_ideograph(char: str, name: str) -> float:
    """The standards put the common characters into their first rows."""
    codec, first, last = _COMMON_ROWS[name]
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return -0.5
    return 0.72 if first <= encoded[0] <= last else 0.2
