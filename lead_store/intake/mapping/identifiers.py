"""Which column names the row in the organisation's own system: the claims of the external id.

People's ids are told from those of orders, companies and campaigns; values that repeat are no ids.
"""

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Claim, Column, against
from lead_store.intake.mapping.headers import Header
from lead_store.intake.mapping.profiles import Kind, Profile
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.words import USERS

_FORBIDDEN = frozenset(
    {
        Sense.STRANGER,
        Sense.SUBSCRIPTION,
        Sense.TOPIC,
        Sense.THING,
        Sense.DETAIL,
        Sense.TIME,
        Sense.ADDRESS,
        Sense.CALLING_CODE,
        Sense.OTHER_NAME,
        Sense.SECOND,
        Field.COMPANY,
        Field.COUNTRY,
        Field.PHONE,
        Field.EMAIL,
        Field.TAGS,
        Field.AREA_CODE,
        Field.NAME,
        Sense.OPT_IN,
        Field.OPTED_OUT,
        Sense.HOME,
        Sense.WORK,
        Sense.STATUS,
        Sense.OTHER_LINE,
        Sense.REASON,
    }
)
_PEOPLE = {Sense.PERSON, Sense.CONTACT, Sense.BUYER}


def claim_external_id(column: Column) -> Claim | None:
    """How strongly the column claims the external id; None where it does not speak of one."""
    header = column.header
    meanings = header.meanings
    names_id = Field.EXTERNAL_ID in meanings
    numbers_people = Sense.NUMBER in meanings and bool(meanings & {Sense.PERSON, Sense.ORDER})
    if not names_id and not numbers_people and Sense.TAX_ID not in meanings:
        return None
    beside = header.beside(Field.EXTERNAL_ID)
    if beside & _FORBIDDEN or header.is_question or header.mended or _counts_people(header):
        return None
    score = _score(header, column.index)
    if not score:
        return None
    found = Claim(Field.EXTERNAL_ID, column.index, score, 1 - score, "Header says that this is the row's own id.")
    return _weigh(found, column.profile)


def _counts_people(header: Header) -> bool:
    """ "# Employees" and "Number of seats per customer" are how many there are, "Customer #" which one it is."""
    if Sense.NUMBER in header.meanings and any(word.endswith("s") for word in header.unknown):
        return True
    numbers = [place for place, (_, meanings) in enumerate(header.phrases) if Sense.NUMBER in meanings]
    return any(
        numbers and place > numbers[0] and text.endswith("s") and meanings & _PEOPLE
        for place, (text, meanings) in enumerate(header.phrases)
    )


def _score(header: Header, index: int) -> float:
    meanings, words = header.meanings, {text for text, _ in header.phrases}
    is_first, is_plain = index <= 1, not header.unknown
    if Sense.TAX_ID in meanings:
        # A person's tax number names them where nothing else does; a company's is shared.
        return 0.56 if is_first and is_plain and words & _PERSONAL_TAX_IDS else 0.0
    if Sense.ORDER in meanings:
        return 0.55 if is_first and is_plain else 0.0
    if meanings & _PEOPLE:
        # A user is as often the colleague who keeps the record.
        return (0.79 if words & USERS else 0.9) - 0.05 * len(header.unknown)
    if not is_plain:
        return 0.6 if index == 0 and len(header.unknown) == 1 else 0.0
    return _score_of_word(words, index)


def _score_of_word(words: set[str], index: int) -> float:
    """Of a header that says id and nothing more: the earlier it stands, the likelier it is the row's own."""
    if words == {"id"} and index == 0:
        return 0.88
    if words & _CODES:
        return 0.75 if index <= 1 else 0.0
    if words & _PLAIN_IDS:
        return 0.85 if index <= 1 else 0.7
    return 0.8 if index <= 3 else 0.6


_PERSONAL_TAX_IDS = {"cpf", "dni", "rut", "curp", "cedula", "codice fiscale", "nie"}
_PLAIN_IDS = {"id", "external id", "record id", "uuid", "guid", "ext id", "ид", "identificador"}
_CODES = {"codigo", "code", "codice", "cod", "reference", "ref", "referencia", "kurzel", "код", "identifier"}


def _weigh(found: Claim, profile: Profile) -> Claim:
    if profile.filled >= 2 and profile.share(Kind.DATE, Kind.PERSON, Kind.EMAIL, Kind.YES_NO, Kind.URL) >= 0.6:
        return against(found, "Header says id, but the values are something else.")
    if profile.filled >= 5 and profile.distinct < 0.7 * profile.filled:
        return against(found, "Header says id, but the same values come again and again.")
    return found
