"""One cell as people fill it: the text around a number, damage by spreadsheets, several numbers.

Leaves the digits themselves to `numbers`. The order of the steps is the order of certainty: first what
proves that digits are gone, then wrappers that can be taken off without touching a digit, then words, at
last several numbers.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, pairwise

from lead_store.intake.phones.numbers import (
    INVALID,
    LETTERED_KINDS,
    Reading,
    accept,
    parse_valid,
    read_number,
)
from lead_store.intake.problems import Code

# phonenumbers refuses longer input as well; a cell like this is a story, not a number.
LONGEST_CELL = 250

NumberReader = Callable[[str, str | None, Mapping[str, str]], Reading]
Read = Callable[[str], Reading]

TRUNCATED = Reading(problem=Code.PHONE_TRUNCATED.value)
BLANK = Reading()

_DIGIT = re.compile(r"[0-9]")
_NO_DIGITS = re.compile(r"\D+")
_TRUNK_MARKS = re.compile(r"(?<=0)[xX]{2}(?=\d)")
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_FILLED_WITH_HASHES = re.compile(r"#{3,}")
_CUT_OFF = re.compile(r"\d\s*(?:\.{3,}|…)$")
_FORMULA_TEXT = re.compile(r'=\s*(?:"([^"]*)"|(\+?\d{7,15}))')
_APOSTROPHES = re.compile(r"^['’‘`´]+|['’‘`´]+$")
_EXCEL_DECIMAL = re.compile(r"(\+?\d{6,})[.,]0{1,2}")
_THOUSANDS = re.compile(r"(\+?\d{1,3}(?:,\d{3}){2,})(?:\.0{1,2})?")
_PREFIX_TEXT = re.compile(
    r"(?:p|ph|phone|tel|telefone?|telephone|t[ée]l|fone|fon|cel|celular|mobile|mob|cell|whats(?:app)?|wa|sms|callto)"
    r"\s*[:=]\s*(?://)?",
    re.IGNORECASE,
)
_WHATSAPP = re.compile(
    r"(?:wa\.me/|whatsapp(?:\.com)?(?:/|://)send/?\?(?:[^#\s]*&)?phone=)(?:\+|%2B)?(\d{7,15})(?!\d)"
    r"|^\+?(\d{7,15})(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$",
    re.IGNORECASE,
)
WHATSAPP_GROUP = r"\d@(?:g\.us|broadcast|newsletter|lid)$"
_WHATSAPP_GROUP = re.compile(WHATSAPP_GROUP)
_TAX_ID_WRITTEN_OUT = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}")
_EMAIL = re.compile(r"[^\s@;,<>()]+@[^\s@;,<>()]+\.[^\s@;,<>()]+")
_LETTER_AFTER_DIGIT = re.compile(r"\d.*?[^\W\d_xX]|\d[^\d]*[xX](?!\d|[xX]\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
_EXTENSION_WORD = re.compile(
    r"\b(?:r|ram|rm|ramal|ext|extn|poste|anexo|int|interno|dw|durchwahl|app|apparat|nst|klappe|toestel|wew|доб)\W*$",
    re.IGNORECASE,
)
_BETWEEN_NUMBERS = re.compile(
    r"[;|\r\n\t\\/,]+|\s(?:e|ou|or|o|y|u|et|and|und|oder|&)\s|(?<=\d)\s*(?=\+)", re.IGNORECASE
)
# As in "12. Ana Lima": where somebody stands in a list.
_PLACE_IN_LIST = re.compile(r"\W{0,3}\d{1,4}\s?[.)º°]\s*(?=[^\W\d_])")
_NUMBER_WITHIN_WORDS = re.compile(r"(?:\+\s*)?\(?\+?\d[\d\s().\-/*]*")

_SEPARATORS = " -–—:;,./|*"

SHORTEST_NUMBER_WITHIN_WORDS = 7
LONGEST_EXTENSION = 6
MOST_DIGITS_OF_E164 = 15

# Three numbers in pairs of digits, as the French write them; more are a list, or a text.
_MOST_TOKENS = 16


def read_cell(
    text: str, region: str | None, choices: Mapping[str, str], read_number: NumberReader = read_number
) -> Reading:
    """The reading of one cell; `region` must be one of REGIONS or None.

    `read_number` reads a number that was found in the text; whatever it is, it must answer as `numbers` does.
    """

    def read(number: str) -> Reading:
        return read_number(number, region, choices)

    cleaned, repair = _clean(text)
    if not cleaned:
        return BLANK
    if len(cleaned) > LONGEST_CELL:
        return INVALID
    if not _DIGIT.search(cleaned):
        return TRUNCATED if _FILLED_WITH_HASHES.fullmatch(cleaned) else INVALID
    return _read_scientific(cleaned, read) or _read_unwrapped(cleaned, repair, region, read)


def may_lack_ninth_digit(text: str, region: str | None) -> bool:
    """Whether it is a Brazilian mobile as they were before the ninth digit: what becomes of it is asked, but it is a
    phone."""
    return region == "BR" and read_cell(text, region, {}).pattern == "ninth_digit:BR"


def holds_whatsapp_number(text: str) -> bool:
    """Whether it is a link or an id of WhatsApp (5511987654321@c.us) with the whole international number."""
    return _WHATSAPP.search(text) is not None


def is_whatsapp_group(text: str) -> bool:
    """Whether it is an id of WhatsApp without a number: of a group, a list, a channel, or somebody who hides theirs."""
    return _WHATSAPP_GROUP.search(text) is not None


def _clean(text: str) -> tuple[str, str | None]:
    """Without invisible characters, and with digits and signs of any script in ASCII."""
    if text.isascii():
        return text.strip(), None
    kept = "".join(_plain(character) for character in text if unicodedata.category(character) != "Cf")
    # A no-break space is as good as a space; only other digits and invisible marks are worth a word.
    is_repaired = any(unicodedata.category(c) in ("Cf", "Nd") and not c.isascii() for c in text)
    return kept.strip(), "unicode_digits" if is_repaired else None


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return "+" if character == "＋" else character


def _read_scientific(text: str, read: Read) -> Reading | None:
    """Scientific notation: whole when the fraction has as many digits as the exponent asks for, else
    digits are gone.
    """
    if ("..." in text or "…" in text) and _CUT_OFF.search(text):
        return TRUNCATED
    match = _SCIENTIFIC.fullmatch(_APOSTROPHES.sub("", text)) if "E" in text or "e" in text else None
    if not match:
        return None
    lead, fraction, exponent = match[1], match[2] or "", int(match[3])
    if len(fraction) < exponent:
        return TRUNCATED
    if fraction[exponent:].strip("0"):
        return INVALID
    return read(lead + fraction[:exponent]).after("scientific_notation")


def _read_unwrapped(text: str, repair: str | None, region: str | None, read: Read) -> Reading:
    if text.startswith("="):
        formula = _FORMULA_TEXT.fullmatch(text)
        if not formula:
            return INVALID
        text, repair = (formula[1] or formula[2] or "").strip(), "formula_text"
    whatsapp = _WHATSAPP.search(text)
    if whatsapp:
        # Such links and ids hold the whole international number, without +, wherever they are used.
        return read(f"+{whatsapp[1] or whatsapp[2]}").after("whatsapp_link")
    for strip, name in _WRAPPERS:
        stripped = strip(text)
        if stripped != text:
            text, repair = stripped, name
    if region == "BR" and _TAX_ID_WRITTEN_OUT.fullmatch(text):
        return INVALID
    return _read_words(text, region, read).after(repair)


def _without_apostrophes(text: str) -> str:
    return _APOSTROPHES.sub("", text).strip()


def _without_prefix(text: str) -> str:
    # RFC 3966 gives the country in ;phone-context=, which phonenumbers reads together with the tel: before
    # it.
    match = _PREFIX_TEXT.match(text)
    return text[match.end() :].strip() if match and "phone-context" not in text else text


def _without_decimal(text: str) -> str:
    match = _EXCEL_DECIMAL.fullmatch(text)
    return match[1] if match else text


def _without_thousands(text: str) -> str:
    match = _THOUSANDS.fullmatch(text)
    return match[1].replace(",", "") if match else text


_WRAPPERS = (
    (_without_apostrophes, "leading_apostrophe"),
    (_without_prefix, "prefix_text"),
    (_without_apostrophes, "leading_apostrophe"),
    (_without_decimal, "excel_decimal"),
    (_without_thousands, "thousands_separators"),
)


def _read_words(text: str, region: str | None, read: Read) -> Reading:
    if "phone-context" in text or not (_LETTERS.search(text) or "@" in text):
        whole = read(text)
        return whole if whole.e164 or whole.pattern else _read_several(text, region, read)
    known = _read_extension_or_vanity(text, region)
    return known or _read_several(text, region, read)


def _read_extension_or_vanity(text: str, region: str | None) -> Reading | None:
    """Letters that phonenumbers understands: extensions, 0xx11 and toll-free words; other words it would
    dial.
    """
    natural = parse_valid(text, region)
    if natural is None:
        return None
    if natural.number.extension:
        return accept(natural, _NO_DIGITS.sub("", text))
    if not _LETTER_AFTER_DIGIT.search(text):
        return None
    return Reading(natural.e164, repair="vanity_letters") if natural.kind in LETTERED_KINDS else None


def _read_several(text: str, region: str | None, read: Read) -> Reading:
    email = _EMAIL.search(text) if "@" in text else None
    if email:
        rest = (text[: email.start()] + " " + text[email.end() :]).strip(" ;,/|<>()-")
        found = _read_pieces(rest, read) if rest else INVALID
        return found.after(found.repair or "text_beside").beside(email[0])
    return _read_pieces(text, read)


def _read_pieces(text: str, read: Read) -> Reading:
    """The first valid number of a cell that holds several, the rest kept; one number among words
    otherwise.
    """
    pieces = [piece.strip() for piece in _BETWEEN_NUMBERS.split(text) if piece.strip()]
    alone = _read_within_words(text, read)
    if alone.e164 or alone.pattern:
        return alone
    if len(pieces) == 1:
        pieces = _parted_by_blanks(text, read)
    readings = [_read_within_words(piece, read) for piece in pieces]
    for position, reading in enumerate(readings):
        if reading.e164:
            others = "; ".join(piece for index, piece in enumerate(pieces) if index != position)
            return reading.after("first_of_several").beside(others)
    return next((reading for reading in readings if reading.pattern), INVALID)


def _parted_by_blanks(text: str, read: Read) -> list[str]:
    """The numbers of a cell in which nothing but blanks stands between two or three of them; none where it is in doubt.

    More digits than E.164 has prove that the whole is no number. One way alone of parting it may leave only numbers.
    """
    tokens = [token for token in text.split() if token.strip("-–—.")]
    if len(tokens) < 2 or len(tokens) > _MOST_TOKENS or sum(map(str.isdigit, text)) <= MOST_DIGITS_OF_E164:
        return []
    ways = [[" ".join(tokens[a:b]) for a, b in pairwise((0, *cuts, len(tokens)))] for cuts in _cuts(len(tokens))]
    parts = {part for way in ways for part in way if _may_be_number(part)}
    numbers = {part for part in sorted(parts) if read(part.strip(" -./")).e164}
    found = [way for way in ways if numbers.issuperset(way)]
    return found[0] if len(found) == 1 else []


def _cuts(tokens: int) -> Iterator[tuple[int, ...]]:
    for count in (1, 2):
        yield from combinations(range(1, tokens), count)


def _may_be_number(part: str) -> bool:
    return SHORTEST_NUMBER_WITHIN_WORDS <= sum(map(str.isdigit, part)) <= MOST_DIGITS_OF_E164 and not _LETTERS.search(
        part
    )


def _read_within_words(text: str, read: Read) -> Reading:
    """The only number among words. Digits that are neither it nor an extension leave doubt, so nothing is
    read.
    """
    text = _join_trunk_marks(text)
    place = _PLACE_IN_LIST.match(text)
    found = list(_NUMBER_WITHIN_WORDS.finditer(text, place.end() if place else 0))
    words = _LETTERS.search(text)
    if not found or not _has_enough_digits(found[0][0]):
        return INVALID
    number = found[0][0].strip(" -./*(")
    if len(found) == 1:
        reading = read(number)
        return reading.after("text_beside").beside(_without(text, found[0])) if words else reading
    if len(found) == 2 and _is_extension(text, found[1]):
        return read(number).after("extension").beside(_without(text, found[0]))
    return INVALID


def _without(text: str, number: re.Match[str]) -> str:
    """What stands around the number, without what set it apart from it."""
    parts = (text[: number.start()].strip(_SEPARATORS), text[number.end() :].strip(_SEPARATORS))
    rest = " ".join(filter(None, parts))
    return rest if rest.count("(") == rest.count(")") else rest.strip("()")


def _join_trunk_marks(text: str) -> str:
    # Brazilians write 0xx11 for "0, then a carrier of your choice, then 11".
    return _TRUNK_MARKS.sub("**", text) if "x" in text or "X" in text else text


def _has_enough_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= SHORTEST_NUMBER_WITHIN_WORDS


def _is_extension(text: str, second: re.Match[str]) -> bool:
    digits = _NO_DIGITS.sub("", second[0])
    return len(digits) <= LONGEST_EXTENSION and bool(_EXTENSION_WORD.search(text[: second.start()]))
