"""How plausible text beyond ASCII is in each legacy encoding. Knows letters and habits of writing, and no file.

A wrong encoding betrays itself: Cyrillic within Latin words, a capital amid small letters, signs inside words,
letters that no language uses together.
"""

import re
import unicodedata
from dataclasses import dataclass

_LANGUAGES: dict[str, tuple[tuple[str, str], ...]] = {
    # The letters beyond ASCII of the languages that an encoding is used for.
    "windows-1252": (
        ("pt", "áâãàçéêíóôõúü"),
        ("es", "áéíñóúü"),
        ("fr", "àâçéèêëîïôùûüœæ"),
        ("de", "äöüß"),
        ("it", "àèéìòù"),
        ("nordic", "åäöæøé"),
        ("ca", "àçèéíïòóúü"),
    ),
    "windows-1250": (
        ("pl", "ąćęłńóśźż"),
        ("cs", "áčďéěíňóřšťúůýž"),
        ("sk", "áäčďéíĺľňóôŕšťúýž"),
        ("hu", "áéíóöőúüű"),
        ("ro", "ăâîşţșț"),
        ("hr", "čćđšž"),
    ),
    "windows-1254": (("tr", "çğıöşüâîûİ"),),
    "windows-1251": (("ru", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ№"),),
    "windows-1253": (("el", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),),
}
_LANGUAGES["mac_roman"] = _LANGUAGES["cp850"] = _LANGUAGES["iso8859-15"] = _LANGUAGES["windows-1252"]
_SINGLE_BYTE = (
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1254",
    "windows-1253",
    "mac_roman",
    "cp850",
    "iso8859-15",
)
_MULTI_BYTE = ("cp932", "gb18030")

_MIXED_LANGUAGES = 0.85
"""Worth of a letter that the main language of the file lacks and a neighbour of it has: names travel."""

_SIGNS = frozenset("“”‘’„‚–—…•€°ºª¿¡«»§©®™№¹²³½¼¾·±×´`\xa0£¥")
_SIGNS_IN_WORDS = frozenset("’‘´·")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_PLAUSIBLE = 0.35

_BEYOND_ASCII_AND_FILL = re.compile(rb"[\x80-\xfd]")
"""0xFE and 0xFF are what damage and binary fillers leave; no file has them as its only letters."""


@dataclass(frozen=True)
class _Verdict:
    name: str
    score: float
    text: str


def best_encoding(sample: bytes) -> tuple[str | None, str]:
    """The most plausible encoding of bytes that are not UTF-8, with a word as example; None where none makes sense."""
    if not _BEYOND_ASCII_AND_FILL.search(sample):
        return None, ""
    verdicts = [_judge_multi_byte(sample, name) for name in _MULTI_BYTE]
    verdicts += [_judge_single_byte(sample, name) for name in _SINGLE_BYTE]
    best = max(verdicts, key=lambda verdict: round(verdict.score, 3))
    if best.score < _LEAST_PLAUSIBLE:
        return None, ""
    return best.name, _example(best.text)


def _example(text: str) -> str:
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return max(words[:50], key=lambda word: min(len(word), 12), default="")


def _judge_single_byte(sample: bytes, name: str) -> _Verdict:
    text = sample.decode(name, "replace")
    best = max(_score(text, letters, _relatives(name)) for _, letters in _LANGUAGES[name])
    return _Verdict(name, best, text)


def _relatives(name: str) -> frozenset[str]:
    letters = "".join(letters for _, letters in _LANGUAGES[name])
    return frozenset(letters + ("ýðþ" if name == "windows-1252" else ""))


def _score(text: str, letters: str, relatives: frozenset[str]) -> float:
    """Mean worth of the characters beyond ASCII: 1 for a letter of the language in a natural place."""
    own = frozenset(letters)
    total, count = 0.0, 0
    for at, char in enumerate(text):
        if char.isascii():
            continue
        count += 1
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        total += _worth(char, before, after, own, relatives)
    return total / count if count else 0.0


def _worth(char: str, before: str, after: str, own: frozenset[str], relatives: frozenset[str]) -> float:
    if not char.isalpha() or char in "ºª":
        return _worth_of_sign(char, before, after)
    small = char.lower()
    if char.isupper() and before.isalpha() and before.islower():
        return -1.0
    if any(near.isalpha() and _script(near) != _script(char) for near in (before, after)):
        return -1.0
    if before.isdigit():
        return -0.3
    worth = 1.0 if small in own or char in own else _MIXED_LANGUAGES if small in relatives else -0.5
    if small == "õ" and after.isalpha() and after.lower() != "e":
        worth = -0.5
    if small == "ã" and after.isalpha() and after.lower() not in "oesnm":
        worth = 0.3
    is_crowded = _script(char) == "LATIN" and before.isalpha() and not before.isascii() and before.lower() not in "çş"
    return worth - 0.6 if is_crowded else worth


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
    return -0.3 if (before.isalpha() and char in "³²¹£¥±¼½¾") or (after.isalpha() and char in "£¥±¼½¾") else 0.6


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
    return _Verdict(name, total / count if count else 0.0, text)


def _worth_in_east(char: str, name: str) -> float:
    if "\u3041" <= char <= "\u30ff" or "\uff01" <= char <= "\uff5e" or "\u3000" <= char <= "\u3015":
        return 1.0 if name == "cp932" else 0.6
    if "\uff61" <= char <= "\uff9f":
        return 0.1
    if not "\u4e00" <= char <= "\u9fff":
        return -1.0
    try:
        lead = char.encode("gb2312" if name == "gb18030" else "shift_jis")[0]
    except UnicodeEncodeError:
        return -0.5
    is_common = 0xB0 <= lead <= 0xD7 if name == "gb18030" else 0x88 <= lead <= 0x97
    return 1.0 if is_common else 0.2
