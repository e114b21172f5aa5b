"""Header text taken apart into phrases with their senses, however it is written or damaged.

What follows from the senses for a field is known to intake.mapping.claims.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.words import JOINING_WORDS, WORDS
from lead_store.intake.misread import meant_by

Meaning: TypeAlias = Sense | Field
Meanings: TypeAlias = frozenset[Meaning]

LONGEST_PHRASE = 5  # words
_SYMBOLS = str.maketrans(
    dict.fromkeys("☎☏📞📱🕿✆", " phone ")
    | dict.fromkeys("✉📧📩🖂", " email ")
    | {"№": " no ", "º": "o", "ª": "a", "°": "o", "’": " ", "'": " ", "`": " ", "´": " "}
)
# Letters that Unicode does not take apart into a letter and its mark.
_LETTERS_WITH_STROKES = str.maketrans("ıłøđ", "ilod")
# "At which number may we write?" asks for a number; "May we write?" for a yes or no.
_CONSENT: Meanings = frozenset({Sense.ACCEPT, Sense.OPT_IN, Sense.TOPIC})
_ASKS_VALUE = re.compile(
    r"((a|e|o|at|on|in|en|em|um|no|na|unter|per|su|to|by) )?"
    r"(what|whats|which|where|how|qual|quais|que|onde|como|cual|cuales|donde|quel|quelle|quels"
    r"|quelles|ou|comment|welche[nrsm]?|wie|wo|quale|quali|dove|come)\b"
)
# What follows tells where the value is written or what it serves, not what it is: "your name as it appears on your
# passport", "mobile (for updates by SMS)".
_ASIDE = re.compile(
    r"(?:\((for|para|pour|fur|per) "
    r"|\b(as (it )?(appears|shown|written|stated|on) |(tal )?como (aparece|consta|figura|esta) "
    r"|conforme |igual (ao?|al|que) |tel que |comme (sur|indique) |wie (im|auf|in) |come (da|sul|nel|indicato) )).*"
)
# "Does not wish to be contacted", "não deseja receber", "keine Werbung erhalten": whatever stands between.
_REFUSAL = re.compile(
    r"\b(not|dont|don t|never|nao|no|ne|n|nicht|kein|keine|keinen|non|niet|geen|nie|inte|ikke)\b(?: \w+){0,4} "
    r"(contact(?:ed|ar|ado|ada|ados|ata|er)|etre contactee?s?"
    r"|contat(?:ar|ado|ada|tare|tato|tata)|kontaktiert|anschreiben"
    r"|be (?:emailed|called|texted|messaged)|receb(?:er|a)|recib(?:ir|a)|recevoir|ricevere|erhalten|empfangen"
    r"|sollicite|demarche|benaderd|ontvangen)\b"
)
# What answers of web APIs wrap their records in; a date in Portuguese, but where a path goes on behind it.
_ENVELOPE = re.compile(r"data[./](?=\w)", re.IGNORECASE)
# "Kunde(n)", "Aluno(a)", "телефон(ы)": one or several, or of either gender.
_OTHER_ENDINGS = re.compile(r"(?<=[^\W\d_]{2})\((?:is|i|e|en|n|er|a|as|о|а|и|ы)\)", re.IGNORECASE)
# Two and three letters that people glue to a word: codcli, numtel.
# What an apostrophe leaves of an article comes before a word: the last letter of "Name L" is something else.
_ELIDED = {"l", "d"}
# German puts an s between such a word and the next: Einwilligungsstatus.
_JOINED_BY_S = ("ung", "heit", "keit", "schaft", "ion", "tat", "trag")
_SHORT_HEADS = {"tel", "cel", "fax", "ddd", "url", "opt", "art", "typ", "cod", "num", "nro"}
_SHORT_TAILS = {"cli", "pac"}
_KINDS_OF_PHONE = {Sense.MOBILE, Sense.WHATSAPP, Sense.SMS, Sense.HOME}


@dataclass(frozen=True)
class Header:
    """A header's known phrases with their meanings, in order, and the words that no table knows."""

    text: str
    phrases: tuple[tuple[str, Meanings], ...]
    unknown: tuple[str, ...]
    mended: tuple[str, ...] = ()  # of the phrases, those known only by their likeness to another

    @cached_property
    def meanings(self) -> Meanings:
        """All that the header says."""
        return frozenset().union(*(meanings for _, meanings in self.phrases))

    def beside(self, noun: Field) -> Meanings:
        """All that the phrases say that do not themselves name the field."""
        return frozenset().union(*(meanings for _, meanings in self.phrases if noun not in meanings))

    @property
    def as_written(self) -> "Header":
        """Without the phrases that were mended: "content" may be no "consent"."""
        phrases = tuple(phrase for phrase in self.phrases if phrase[0] not in self.mended)
        return replace(self, phrases=phrases, unknown=self.unknown + self.mended, mended=())

    @property
    def ordinal(self) -> int:
        """The 2 of "Phone 2 - Value"; 1 where there is none."""
        found = re.search(r"(?<!\d)([1-9])(?!\d)", self.text)
        return int(found[1]) if found else 1

    @property
    def is_unreadable(self) -> bool:
        """Empty, made up by a program ("Column 3", "C"), or in a script whose words are not known."""
        return all(not word.isascii() or len(word) <= 2 for word in self.unknown)

    @property
    def is_question(self) -> bool:
        """A sentence of a form rather than a column's name; its words mean less."""
        return self.text.rstrip(" *").endswith("?") or len(self.phrases) + len(self.unknown) > 6


def normal_form(header: str) -> str:
    """Lower case, without accents, separators as single spaces: what makes two headers the same."""
    return " ".join(_words(meant_by(header)))


@lru_cache(maxsize=20_000)
def parse(header: str) -> Header:
    """Takes a header apart; any text is allowed."""
    words = [part for word in _words(meant_by(header)) for part in _split_glued(_restored(word))]
    phrases: list[tuple[str, Meanings]] = []
    unknown: list[str] = []
    mended: list[str] = []
    position = 0
    question = _ASKS_VALUE.match(" ".join(words))
    asking = len(question[0].split()) if question and len(words) > 2 else 0
    while position < len(words):
        length, meanings = _longest_phrase(words, position)
        text = " ".join(words[position : position + length])
        if position < asking and length == 1:
            meanings = frozenset({Sense.NEUTRAL})  # "Quelle" is German for a source, too.
        is_joining = text in JOINING_WORDS and not (text in _ELIDED and position == len(words) - 1 > 0)
        if not meanings and not is_joining and not text.isdigit():
            meanings = meanings_of_plural(text)
            if not meanings and (meanings := _meanings_of_misspelt(text)):
                mended.append(text)
            if not meanings:
                unknown.append(text)
        if meanings:
            phrases.append((text, meanings - _CONSENT if asking else meanings))
        position += length
    if not asking and _REFUSAL.search(" ".join(words)):
        phrases.append(("refusal", frozenset({Field.OPTED_OUT})))
    return Header(header, tuple(phrases), tuple(unknown), tuple(mended))


def _longest_phrase(words: list[str], start: int) -> tuple[int, Meanings]:
    known = _phrases()
    for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
        span = words[start : start + length]
        if length > 1 and (span[0] in JOINING_WORDS or span[-1] in JOINING_WORDS) and tuple(span) not in known:
            continue
        meanings = known.get(tuple(span)) or known.get(_without_joining(span))
        if meanings:
            return length, meanings
    return 1, frozenset()


def _without_joining(words: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in JOINING_WORDS)


def _words(header: str) -> list[str]:
    header = _ENVELOPE.sub("", header, count=1) if _ENVELOPE.match(header) else header
    header = re.sub(r"\((e?s)\)", r"\1", header.rstrip(" ?*:.").replace("IDs", "Ids"))
    header = _OTHER_ENDINGS.sub("", header)
    text = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header.translate(_SYMBOLS))
    text = re.sub(r"#", " number ", without_accents(text.casefold()).replace("_", " ")).replace("whats app", "whatsapp")
    text = re.sub(r"(?<=[^\W\d])(?=\d)(?!\b)", " ", text)
    text = _ASIDE.sub("", text)
    return re.findall(r"\w+(?:[?\ufffd]+\w+)*[?\ufffd]?|[?\ufffd]\w+", text)


def without_accents(text: str) -> str:
    """The text with each letter bare of its marks, as of Hindi's vowels; letters with a stroke count as marked."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITH_STROKES))
    return "".join(letter for letter in decomposed if unicodedata.category(letter) not in ("Mn", "Mc", "Cf"))


@cache
def _phrases() -> dict[tuple[str, ...], Meanings]:
    """Every known phrase, as written, without its joining words, and with its accented letters lost."""
    spoken: list[tuple[str, Meaning]] = []
    for field, entry in CATALOGUE.items():
        spoken += [(word, field) for word in entry.words]
    for sense, text in WORDS.items():
        spoken += [(word.strip(), sense) for word in text.split(",") if word.strip()]
    phrases: dict[tuple[str, ...], Meanings] = {}
    for text, meaning in spoken:
        for form in _forms(text):
            phrases[form] = phrases.get(form, frozenset()) | {meaning}
    for phrase, meanings in phrases.items():
        if Sense.GUARDIAN in meanings:
            phrases[phrase] = meanings | {Sense.STRANGER}
    for phrase in [phrase for phrase, meanings in phrases.items() if len(phrase) > 1 and Field.PHONE in meanings]:
        within = frozenset().union(*(phrases.get((word,), frozenset()) for word in phrase))
        phrases[phrase] |= within & _KINDS_OF_PHONE
    return phrases


def _forms(phrase: str) -> Iterator[tuple[str, ...]]:
    words = tuple(_words(phrase))
    yield words
    # One word left of "l name" or "account no" would say something else.
    if len(bare := _without_joining(list(words))) > 1 and bare != words:
        yield bare
    lost = "".join(letter for letter in phrase if letter.isascii())
    if lost != phrase and len(lost) >= 4:
        yield tuple(_words(lost))


@cache
def _single_words() -> tuple[str, ...]:
    return tuple(sorted({word for phrase in _phrases() for word in phrase}))


@cache
def _mendable_words() -> tuple[str, ...]:
    """Words so long that one wrong letter leaves them recognisable; shorter where they name a field."""
    return tuple(
        phrase[0]
        for phrase, meanings in _phrases().items()
        if len(phrase) == 1 and len(phrase[0]) >= (4 if any(isinstance(m, Field) for m in meanings) else 6)
    )


@lru_cache(maxsize=20_000)
def _restored(word: str) -> str:
    """The known word whose accented letters came out as question marks: "n?mero"."""
    if not re.search(r"[?\ufffd]", word):
        return word
    bare = word.rstrip("?\ufffd")
    if bare in _single_words_set():
        return bare
    # A letter of two bytes may have left two marks, or two letters one.
    pattern = re.compile(re.sub(r"[?\ufffd]+", ".{1,2}", word))
    found = [known for known in _single_words() if pattern.fullmatch(known)]
    return min(found, key=lambda known: abs(len(known) - len(word)), default=word)


def meanings_of_plural(word: str) -> Meanings:
    """What the word's singular means; nothing where the word is none's plural."""
    phrases = _phrases()
    singulars = [word.removesuffix(ending) for ending in ("s", "es") if word.endswith(ending)]
    for singular in singulars:
        if meanings := phrases.get((singular,)):
            return meanings
    return frozenset()


@lru_cache(maxsize=20_000)
def _meanings_of_misspelt(word: str) -> Meanings:
    if len(word) < 4 or not word.isascii() or word in _single_words_set():
        return frozenset()
    allowed = 2 if len(word) >= 9 else 1
    found = process.extractOne(word, _mendable_words(), scorer=OSA.distance, score_cutoff=allowed)
    # People misspell the inside of a word: "messenger" is no "passenger".
    if found is None or found[0][0] != word[0]:
        return frozenset()
    # A short word with one letter replaced is as often another word, as one with a letter more than a word of four:
    # "game" for "name", "forma" for "firma", "targa" for "tara".
    is_short = len(found[0]) == 4 or len(found[0]) == len(word) <= 5
    if is_short and sorted(word) != sorted(found[0]):
        return frozenset()
    return _phrases()[(found[0],)]


@cache
def _single_words_set() -> frozenset[str]:
    return frozenset(_single_words())


@lru_cache(maxsize=20_000)
def _split_glued(word: str) -> tuple[str, ...]:
    """MOBILEPHONE, Kundenname, OWNERID: the known words it is made of; itself where some part is not known."""
    known = _single_words_set()
    if word in known or len(word) < 6 or not word.isalnum():
        return (word,)
    return _split(word) or (word,)


def _split(word: str) -> tuple[str, ...] | None:
    known = _single_words_set()
    for length in range(len(word), 2, -1):
        head, rest = word[:length], word[length:]
        if head not in known or (length < 4 and head not in _SHORT_HEADS):
            continue
        if not rest:
            return (head,)
        if rest in {"id", "no", "nr", "ids", "in", "out"} | _SHORT_TAILS:
            return (head, rest)
        tail = _split(rest)
        if tail is None and rest.startswith("s") and head.endswith(_JOINED_BY_S):
            tail = _split(rest[1:])
        if tail is not None:
            return (head, *tail)
    # IDPAZIENTE, but no "idle".
    return (word[:2], word[2:]) if word.startswith("id") and len(word) > 6 and word[2:] in known else None
