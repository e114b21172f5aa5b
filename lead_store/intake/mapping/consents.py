"""Which column says who wants no messages: the claims of opted out, of either polarity.

Its cells are read by intake.mapping.consent.
"""

from dataclasses import replace

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Claim, Column, against
from lead_store.intake.mapping.consent import is_status_word, tells_enrolment
from lead_store.intake.mapping.headers import Header, parse
from lead_store.intake.mapping.profiles import Kind, Profile
from lead_store.intake.mapping.senses import Sense

_OUT_REASON = "Header says who opted out: yes means no more messages."
_IN_REASON = "Header asks for consent: no means no more messages."
_STATUS_REASON = "The column says who is subscribed and who is not."
# A consent to several channels counts for the one that dispatches use most.
_RANKS: tuple[tuple[Sense | Field, float], ...] = (
    (Sense.WHATSAPP, 0.0),
    (Sense.SMS, 1.0),
    (Sense.MOBILE, 1.1),
    (Field.PHONE, 1.2),
    (Field.EMAIL, 3.0),
)
# Who is not to be contacted at all is not asked about a channel.
_OF_ALL_CHANNELS = {
    "do not contact", "donotcontact", "do not disturb", "dnd", "dnc", "nao contatar", "nao perturbe", "no contactar",
    "no molestar", "ne pas contacter", "ne pas deranger", "nicht kontaktieren", "non contattare",
}  # fmt: skip
# Who wants no calls or letters, or is barred from the shop: asked about messages elsewhere, if anything is.
_WEAK = {"do not call", "do not mail", "do not trade", "do not phone", "blacklisted", "blocked"}

# Of fewer, each may be an answer in words that nobody knows.
_VALUES_THAT_TELL = 5


def claim_opted_out(column: Column) -> Claim | None:
    """How strongly the column claims to hold opt-outs or consents; None where it does not speak of them."""
    header, profile = column.header.as_written, column.profile
    meanings = header.meanings
    if _is_of_something_else(header):
        return None
    found = Claim(Field.OPTED_OUT, column.index, 0.0, _rank(header), _OUT_REASON)
    if Field.OPTED_OUT in meanings:
        score = 0.6 if Sense.TIME in meanings else 0.9 - 0.08 * len(header.unknown)
        return _weigh(replace(found, score=score), profile)
    if Sense.STATUS in meanings and (_names_subscription(header) or _tells_subscription(column)):
        return _weigh(replace(found, score=0.8, opt_in=True, reason=_STATUS_REASON), profile)
    if Sense.TIME not in meanings and (_asks_consent(header) or _lists_messages(column)):
        score = 0.8 - (0.02 if header.is_question else 0.1) * len(header.unknown)
        rank = found.rank + 1.0 * (not _asks_consent(header))
        return _weigh(replace(found, score=score, rank=rank, opt_in=True, reason=_IN_REASON), profile)
    return None


def is_opt_in(header: str) -> bool:
    """Whether yes below the header means that messages are welcome; no where it does not speak of consent."""
    parsed = parse(header).as_written
    if Field.OPTED_OUT in parsed.meanings:
        return False
    return _asks_consent(parsed) or bool(parsed.meanings & {Sense.SUBSCRIPTION, Sense.ACCEPT})


def _rank(header: Header) -> float:
    texts = {text for text, _ in header.phrases}
    if texts & _OF_ALL_CHANNELS:
        return -1.0
    rank = next((rank for meaning, rank in _RANKS if meaning in header.meanings), 2.0)
    return rank + 1.2 * bool(texts & _WEAK)


def _is_of_something_else(header: Header) -> bool:
    meanings = header.meanings
    if meanings & {Sense.OTHER_LINE, Field.NAME} or _counts_or_describes(header):
        return True
    # "Fecha de baja" is when a member left.
    if Sense.TIME in meanings and any(text == "baja" for text, _ in header.phrases):
        return True
    return bool(meanings & {Sense.STRANGER, Sense.REASON} - _meanings_of_noun(header))


def _counts_or_describes(header: Header) -> bool:
    """ "Newsletter clicks" and "Consent type" tell something about consents, not who gave them."""
    details = {text for text, meanings in header.phrases if meanings == {Sense.DETAIL}}
    return bool(details - {"has", "flag", "preference", "preferences", "permission status", "confirmed"})


def _meanings_of_noun(header: Header) -> frozenset[Sense | Field]:
    nouns = {Sense.OPT_IN, Sense.ACCEPT, Sense.TOPIC, Field.OPTED_OUT, Field.EXTERNAL_ID, Sense.NEUTRAL}
    return frozenset().union(*(meanings for _, meanings in header.phrases if meanings & nouns))


def _asks_consent(header: Header) -> bool:
    meanings = header.meanings
    if Sense.OPT_IN in meanings:
        return not meanings & {Sense.ORDER}
    topics = {Sense.TOPIC, Sense.SUBSCRIPTION, Sense.CONTACT, Sense.WHATSAPP, Sense.SMS, Field.EMAIL, Field.PHONE}
    return Sense.ACCEPT in meanings and bool(meanings & topics)


def _lists_messages(column: Column) -> bool:
    """ "Promotional e-mails": whether the person gets them, where the values are yes and no."""
    return Sense.SUBSCRIPTION in column.header.as_written.meanings and column.profile.share(Kind.YES_NO) >= 0.6


def _names_subscription(header: Header) -> bool:
    # "Email status" alone may as well say whether the address works.
    topics = {Sense.SUBSCRIPTION, Sense.OPT_IN, Sense.ACCEPT}
    return bool(header.meanings & topics) and not header.meanings & {Sense.ORDER, Sense.THING, Sense.ADDRESS}


def _tells_subscription(column: Column) -> bool:
    """The values alone make a mere "Status" one of consent: not those that a booking or a member may have as well."""
    if column.profile.share(Kind.STATUS) < 0.5:
        return False
    values = [value for value in column.values if value and is_status_word(value.strip())]
    return any(not tells_enrolment(value.strip()) for value in values)


def _weigh(found: Claim, profile: Profile) -> Claim:
    if not profile.filled:
        return found
    other = [Kind.PERSON, Kind.EMAIL, Kind.PHONE, Kind.PHONE_LIKE, Kind.NUMBER, Kind.URL]
    # A date says when somebody subscribed, or when they left: only the second is an answer by itself.
    other += [Kind.DATE] if found.opt_in else []
    if profile.share(*other) >= 0.6:
        return against(found, "Header speaks of consent, but the values are no answers.")
    answers = profile.share(Kind.YES_NO, Kind.STATUS)
    if found.reason == _STATUS_REASON and profile.filled >= 2 and not answers:
        return against(found, "Header speaks of a subscription, but the values do not say who gets messages.")
    if found.opt_in and profile.filled >= _VALUES_THAT_TELL and not answers:
        return against(found, "Header speaks of consent, but none of the values is an answer.")
    if answers >= 0.6:
        return replace(found, score=min(0.97, found.score + 0.1))
    return found
