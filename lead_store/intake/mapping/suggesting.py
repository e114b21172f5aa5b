"""Guesses which column feeds which field. What the user changes in it is left to intake.mapping.columns."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lead_store.intake.fields import NAMES, Field
from lead_store.intake.mapping.claims import LEAST_SCORE, Claim, Column, claim_by_header, distance
from lead_store.intake.mapping.columns import ColumnMatch, Mapping
from lead_store.intake.mapping.consents import claim_opted_out, is_opt_in
from lead_store.intake.mapping.contacts import claim_alone, claim_email, claim_phone, is_area_code
from lead_store.intake.mapping.context import in_context
from lead_store.intake.mapping.countries import claim_country
from lead_store.intake.mapping.headers import Header, Meaning, parse
from lead_store.intake.mapping.identifiers import claim_external_id
from lead_store.intake.mapping.names import claim_names
from lead_store.intake.mapping.profiles import Kind, profile
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.stand_ins import with_guardians, with_owners, with_trades
from lead_store.intake.mapping.words import USERS
from lead_store.intake.phones import holds_whatsapp_number, is_whatsapp_group

# Fields that several columns may feed: the first filled and valid cell counts.
_WITH_FALLBACKS = (Field.PHONE, Field.EMAIL)
# "Port." says mobile and "Office" where it rings; that these are phones is said by their values.
_NAMED_BY: dict[Field, frozenset[Meaning]] = {
    Field.PHONE: frozenset({Field.PHONE, Sense.MOBILE, Sense.HOME, Sense.WORK}),
    Field.EMAIL: frozenset({Field.EMAIL, Sense.HOME, Sense.WORK}),
}
_PERSONAL = (*NAMES, Field.PHONE, Field.EMAIL)
_COLLEAGUES = USERS | {"member", "employee", "profile", "person"}
# The user should look at it.
_CONFIDENCE_OF_GUARDIAN = 0.6
_CLAIMS = (claim_phone, claim_email, claim_opted_out, claim_external_id, claim_country)
_BY_HEADER = (Field.COMPANY, Field.TAGS)


def suggest(headers: Sequence[str], samples: Sequence[Sequence[str]], region: str | None = None) -> Mapping:
    """A mapping for the headers and, one sequence per column, some of their cells.

    region (ISO 3166, such as BR) is where phones without a country code are read; None where it is not known.
    """
    columns = _columns(headers, samples, region)
    claims = _claims(columns)
    chosen = _choose(claims, columns)
    for stand_in in (with_owners, with_guardians, with_trades):
        others = stand_in(columns, {found.field for found in chosen})
        if others:
            columns, claims = others, _claims(others)
            chosen = _choose(claims, columns)
    chosen += _area_codes(columns, chosen)
    chosen = [_telling_what_stands_beside(found, chosen, columns[found.index]) for found in chosen]
    return Mapping(tuple(_matches(columns, chosen, claims)))


def _claims(columns: Sequence[Column]) -> list[Claim]:
    claims = claim_names(columns)
    for column in columns:
        claims += [found for claim in _CLAIMS if (found := claim(column))]
        claims += [found for target in _BY_HEADER if (found := claim_by_header(target, column))]
    if len(columns) == 1 and all(found.score < LEAST_SCORE for found in claims) and (alone := claim_alone(columns[0])):
        claims.append(alone)
    return claims


def _columns(headers: Sequence[str], samples: Sequence[Sequence[str]], region: str | None) -> list[Column]:
    parsed = [parse(header or "") for header in headers]
    prefixes = _prefixes(parsed)
    columns = []
    for index, header in enumerate(parsed):
        values = samples[index] if index < len(samples) else ()
        own = replace(header, unknown=tuple(word for word in header.unknown if word not in prefixes))
        of_all, of_different = (profile(each, region, len(headers)) for each in (values, tuple(dict.fromkeys(values))))
        columns.append(Column(index, own, of_all, of_different, values))
    return in_context(columns)


def _prefixes(headers: Sequence[Header]) -> set[str]:
    """Unknown words that most headers share, such as the vendor's or the form's name: they tell nothing apart."""
    counts = Counter(word for header in headers for word in set(header.unknown))
    return {word for word, count in counts.items() if count >= 3 and 2 * count >= len(headers)}


def _choose(claims: list[Claim], columns: Sequence[Column]) -> list[Claim]:
    """At most one claim per column and field, but for the fields with fallbacks, in the order to be tried."""
    strong = [found for found in claims if found.score >= LEAST_SCORE]
    strong = _without_bystanders(strong, columns)
    chosen: list[Claim] = []
    for target in Field:
        rivals = sorted((c for c in strong if c.field is target), key=lambda c: (c.rank, -c.score, c.index))
        if target is Field.TAGS:
            chosen += _numbered_alike(rivals, columns)
        else:
            chosen += _with_fallbacks(rivals, columns) if target in _WITH_FALLBACKS else rivals[:1]
    return _one_per_column(_without_companions(chosen, columns))


def _without_companions(chosen: list[Claim], columns: Sequence[Column]) -> list[Claim]:
    """Without the fallbacks of somebody who has a name of their own: beside "Name" and "Phone", "Guest phone"."""
    own = {_called(columns[c.index].header) for c in chosen if c.field in NAMES}
    named = {_called(column.header) for column in columns if column.header.meanings.intersection(NAMES)}
    firsts = {target: next((c for c in chosen if c.field is target), None) for target in _WITH_FALLBACKS}
    # A login is a user's name, too.
    logins = (column.header.phrases for column in columns if Sense.OTHER_NAME in column.header.meanings)
    named |= {
        frozenset({word}) for phrases in logins for text, _ in phrases for word in USERS.intersection(text.split())
    }
    others = named - own - {frozenset()}
    return [
        c
        for c in chosen
        if c.field not in firsts or c is firsts[c.field] or _called(columns[c.index].header) not in others
    ]


def _called(header: Header) -> frozenset[str]:
    """The words for the person that the header speaks of."""
    people = {Sense.PERSON, Sense.CONTACT, Sense.BUYER}
    return frozenset(text for text, meanings in header.phrases if meanings & people)


def _with_fallbacks(rivals: Sequence[Claim], columns: Sequence[Column]) -> list[Claim]:
    """The rivals in the order to be tried: a guess only where it is the one choice, nobody but the first's person."""
    named = [c for c in rivals if columns[c.index].header.meanings & _NAMED_BY[c.field]]
    plain = [c for c in named if _is_plain(columns[c.index])]
    chosen = plain or named[:1] or list(rivals[:1])
    return [c for c in chosen if distance(columns[c.index].header) <= distance(columns[chosen[0].index].header)]


def _numbered_alike(rivals: Sequence[Claim], columns: Sequence[Column]) -> list[Claim]:
    """The first rival with those that differ from it by a number alone: "Tag 1", "Tag 2"."""
    headers = [columns[found.index].header for found in rivals]
    return [
        found
        for found, header in zip(rivals, headers, strict=True)
        if found is rivals[0] or (header.text != headers[0].text and _unnumbered(header) == _unnumbered(headers[0]))
    ]


def _unnumbered(header: Header) -> str:
    return re.sub(r"\W*\d+\W*", "", header.text).casefold()


def _is_plain(column: Column) -> bool:
    """No guess as whose "Phone Zeta" is."""
    return not column.header.unknown


def _without_bystanders(claims: list[Claim], columns: Sequence[Column]) -> list[Claim]:
    """Without the columns of who only pays or receives, where the row is about somebody else."""
    people = [c for c in claims if c.field in (Field.NAME, Field.FIRST_NAME)]
    people = people or [c for c in claims if c.field is Field.EMAIL]
    nearest = min((distance(columns[c.index].header) for c in people), default=0)
    claims = [c for c in claims if c.field not in _PERSONAL or distance(columns[c.index].header) <= nearest]
    # Beside invitees or patients, a user is the colleague who received them.
    if any(c.field in _PERSONAL and _names_person(columns[c.index].header) for c in claims):
        own = (*_PERSONAL, Field.EXTERNAL_ID)
        claims = [c for c in claims if c.field not in own or not _names_user(columns[c.index].header)]
    return claims


def _names_user(header: Header) -> bool:
    return any(text in USERS for text, _ in header.phrases)


def _names_person(header: Header) -> bool:
    return any(Sense.PERSON in meanings and text not in _COLLEAGUES for text, meanings in header.phrases)


def _one_per_column(claims: list[Claim]) -> list[Claim]:
    best: dict[int, Claim] = {}
    for found in claims:
        if found.index not in best or found.score > best[found.index].score:
            best[found.index] = found
    return [found for found in claims if best[found.index] is found]


def _area_codes(columns: Sequence[Column], chosen: list[Claim]) -> list[Claim]:
    """The columns of area codes that stand beside a phone column whose numbers lack them."""
    taken = {found.index for found in chosen}
    phones = {found.index for found in chosen if found.field is Field.PHONE}
    codes = []
    for column in columns:
        if column.index in taken or not is_area_code(column):
            continue
        beside = [index for index in (column.index + 1, column.index - 1) if index in phones]
        if beside:
            reason = f"Header says area code, and “{columns[beside[0]].header.text}” beside it holds the rest."
            codes.append(Claim(Field.AREA_CODE, column.index, 0.8, float(beside[0]), reason))
    return codes


def _telling_what_stands_beside(found: Claim, chosen: list[Claim], column: Column) -> Claim:
    """Names beside the phones are the people's where no column has them; so are e-mails, where it leaves them blank."""
    if found.field is not Field.PHONE:
        return found
    holds_words = column.profile.share(Kind.PHONE_AMONG_WORDS, Kind.MIXED) > 0
    is_named = any(other.field in NAMES for other in chosen)
    beside = ["names"] if holds_words and not is_named else []
    written = [value for value in column.values if value and "@" in value]
    holds_emails = not all(holds_whatsapp_number(value) or is_whatsapp_group(value) for value in written)
    beside += ["e-mails"] if holds_emails else []
    if not beside:
        return found
    what = " and ".join(beside).capitalize()
    return replace(found, reason=f"{found.reason} {what} in these cells are the people's.")


def _outdone(columns: Sequence[Column], chosen: list[Claim], claims: list[Claim]) -> dict[int, str]:
    """Why a column that claims a field does not feed it: another one does."""
    winners = {found.field: columns[found.index].header.text.strip() for found in reversed(chosen)}
    return {
        found.index: f"{found.reason} “{winners[found.field]}” is used instead."
        for found in sorted(claims, key=lambda found: found.score)
        if found.score >= LEAST_SCORE and found.field in winners and found.field not in _WITH_FALLBACKS
    }


def _matches(columns: Sequence[Column], chosen: list[Claim], claims: list[Claim]) -> Iterator[ColumnMatch]:
    refusals = {found.index: found.reason for found in reversed(claims) if found.score == 0}
    refusals |= _outdone(columns, chosen, claims)
    places: Counter[Field] = Counter()
    matches: dict[int, ColumnMatch] = {}
    surest: dict[Field, float] = {}
    for found in chosen:
        header = columns[found.index].header
        # A fallback is never surer than the column before it, so the surest is the one tried first.
        confidence = min(found.score, surest.get(found.field, 1.0) - 0.02)
        if Sense.GUARDIAN in header.meanings:
            confidence = min(confidence, _CONFIDENCE_OF_GUARDIAN)
        surest[found.field] = confidence = max(round(confidence, 2), 0.05)
        match = ColumnMatch(found.index, header.text, found.field, confidence, found.reason, opt_in=found.opt_in)
        joins = int(found.rank) if found.field is Field.AREA_CODE else None
        matches[found.index] = replace(match, order=places[found.field], joins=joins)
        places[found.field] += 1
    for column in columns:
        reason = refusals.get(column.index, "")
        text = column.header.text
        # Kept also where another column was chosen: the user may choose this one.
        unfed = ColumnMatch(column.index, text, reason=reason, opt_in=is_opt_in(text))
        yield matches.get(column.index) or unfed
