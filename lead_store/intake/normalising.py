"""Mapped record batches -> normalised rows and their problems, column-wise; touches no database and no clock.

How a cell of each kind is read is left to phones, emails and mapping.consent; what rows mean together, to the
review (storage.staging).
"""

import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake import columns
from lead_store.intake.beside_phones import read_names_beside
from lead_store.intake.emails import read_display_names, read_emails
from lead_store.intake.fields import NAMES, Field
from lead_store.intake.mapping import ColumnMatch, Mapping, read_consent
from lead_store.intake.misread import as_meant
from lead_store.intake.noting import NotedProblems
from lead_store.intake.phone_columns import ChosenPhones, PhoneColumn
from lead_store.intake.phones import region_of_country
from lead_store.intake.problems import Code

MAXIMUM_NAME_LENGTH = 255
MAXIMUM_ATTRIBUTE_LENGTH = 10_000
# Google Contacts writes "* myContacts ::: * friends".
TAG_SEPARATORS, TAG_EDGES = re.compile(r"[;,|]|:::"), "* \t\r\n"
NUMBERED = re.compile(r" \(\d+\)$")
# Rows at the head of each record batch whose cells are kept where they hold a repaired phone.
REPAIR_SAMPLES = 500

SCHEMA = pa.schema(
    [
        ("row_number", pa.int32()),
        *((name, pa.string()) for name in ("identifier", "variant", "name", "email", "phone", "external_id")),
        ("tags", pa.string()),
        ("attributes", pa.string()),
        ("opted_out", pa.bool_()),
        *((name, pa.string()) for name in ("raw", "problems", "blocking", "repair")),
    ]
)


@dataclass(frozen=True)
class Reading:
    """What the user chose for the whole file: default region, channel, and readings of ambiguous phones."""

    region: str | None = None
    channel: str = "whatsapp"
    phone_choices: Dictionary[str, str] = field(default_factory=dict)


def normalise(batch: pa.RecordBatch, mapping: Mapping, reading: Reading) -> pa.RecordBatch:
    """One normalised row per row of `batch`, in its order, with the columns of `SCHEMA`.

    `tags` and `raw` are PostgreSQL array literals, `attributes` and `problems` JSON texts. `raw`, the cells as
    read, is kept where a row has a problem, and of repaired rows for some. `blocking` is the code that keeps the
    row out.
    """
    return _Rows(batch, mapping, reading).normalised()


def _tags_literal(text: str) -> str | None:
    tags: dict[str, str] = {}
    for tag in filter(None, (tag.strip(TAG_EDGES) for tag in TAG_SEPARATORS.split(text))):
        tags.setdefault(tag.lower(), tag)
    quoted = ",".join('"' + re.sub(r'(["\\])', r"\\\1", tag) + '"' for tag in tags.values())
    return "{" + quoted + "}" if tags else None


def _repeats_of(headers: Sequence[str], cells: Sequence[pa.StringArray], length: int) -> pa.StringArray:
    """The code of each row that says what the header says, wherever it says anything."""
    is_alike, is_filled = pa.repeat(True, length), pa.repeat(False, length)
    for header, column in zip(headers, cells, strict=True):
        # Of several columns with one header, the later ones are shown with their number.
        same = pc.is_in(column, pa.array([header, NUMBERED.sub("", header)]))
        is_alike = pc.and_(is_alike, pc.or_(pc.is_null(column), same))
        is_filled = pc.or_(is_filled, same)
        if not pc.any(is_alike).as_py():
            break
    repeats = pc.and_(is_alike, is_filled)
    return pc.if_else(repeats, Code.ROW_REPEATS_HEADER.value, pa.scalar(None, pa.string()))


def _without(values: pa.StringArray, taken: Sequence[pa.StringArray]) -> pa.StringArray:
    """The values, null where one of the columns has the same."""
    is_taken = reduce(pc.or_, (pc.fill_null(pc.equal(values, column), False) for column in taken))
    return pc.if_else(is_taken, pa.scalar(None, pa.string()), values)


class _Rows:
    """The rows of one record batch on their way; each method makes one or a few columns."""

    def __init__(self, batch: pa.RecordBatch, mapping: Mapping, reading: Reading) -> None:
        self.batch, self.mapping, self.reading = batch, mapping, reading
        self.length = batch.num_rows
        self.raw = [batch.column(f"c{index}") for index in range(batch.num_columns - 3)]
        meant = [as_meant(cells) for cells in self.raw]
        self.cells = [columns.cleaned(cells) for cells, _ in meant]
        headers = [column.header for column in mapping.columns]
        self.damage = pc.coalesce(batch.column("problem"), _repeats_of(headers, self.cells, self.length))
        self.noted = NotedProblems(headers, self.damage, batch.column("extra"))
        self._note_misread([is_misread for _, is_misread in meant])
        self.attributes: list[tuple[str, pa.StringArray]] = []
        self.phones = self._phones()

    def normalised(self) -> pa.RecordBatch:
        """The whole batch, column by column."""
        email, email_invalid = self._email()
        name = self._limited(self._name(), Field.NAME, MAXIMUM_NAME_LENGTH)
        external_id = self._limited(self._first(Field.EXTERNAL_ID), Field.EXTERNAL_ID, MAXIMUM_NAME_LENGTH)
        is_by_email = self.reading.channel == "email"
        identifier = pc.utf8_lower(email) if is_by_email else self.phones.e164
        email_code = pc.if_else(email_invalid, Code.EMAIL_INVALID.value, pa.scalar(None, pa.string()))
        blocking = self._blocking(identifier, email_code if is_by_email else self.phones.problem)
        identifier = pc.if_else(pc.is_null(blocking), identifier, pa.scalar(None, pa.string()))
        opted_out, tags = self._opted_out(), self._tags()
        attributes = self._attributes(taken=(name, email))
        problems = self.noted.as_json()
        shows_raw = pc.or_(pc.is_valid(problems), self._is_sample(self.phones.repair))
        return pa.RecordBatch.from_arrays(
            [
                self.batch.column("row_number"),
                identifier,
                pa.nulls(self.length, pa.string()) if is_by_email else self.phones.variant,
                name,
                email,
                self.phones.e164,
                external_id,
                tags,
                attributes,
                opted_out,
                columns.where(shows_raw, lambda: self._raw_literal(shows_raw)),
                problems,
                blocking,
                self.phones.repair,
            ],
            schema=SCHEMA,
        )

    def _note_misread(self, misread: Sequence[pa.BooleanArray]) -> None:
        for index, (cells, is_misread) in enumerate(zip(self.raw, misread, strict=True)):
            if pc.any(is_misread).as_py():
                code = pc.if_else(is_misread, Code.TEXT_MISREAD.value, pa.scalar(None, pa.string()))
                self.noted.add(code, index, cells)

    def _cells_of(self, wanted: Field) -> list[tuple[ColumnMatch, pa.StringArray]]:
        return [(column, self.cells[column.index]) for column in self.mapping.columns_of(wanted)]

    def _first(self, wanted: Field) -> pa.StringArray:
        return columns.first_filled([cells for _, cells in self._cells_of(wanted)], self.length)

    def _name(self) -> pa.StringArray:
        parts = [self._first(Field.FIRST_NAME), self._first(Field.LAST_NAME)]
        beside = [read_display_names(cells) for _, cells in self._cells_of(Field.EMAIL)]
        if not any(self.mapping.columns_of(part) for part in NAMES):
            beside.append(read_names_beside(self.phones.words))
        return pc.coalesce(self._first(Field.NAME), columns.joined_filled(parts, " ", self.length), *beside)

    def _region(self) -> str | None | pa.StringArray:
        countries = self._cells_of(Field.COUNTRY)
        if not countries:
            return self.reading.region
        named = region_of_country(self._first(Field.COUNTRY))
        return pc.coalesce(named, pa.scalar(self.reading.region, pa.string()))

    def _phones(self) -> ChosenPhones:
        tried = [
            PhoneColumn(column.index, column.header, cells, self._area_codes_of(column))
            for column, cells in self._cells_of(Field.PHONE)
        ]
        return ChosenPhones(tried, self._region(), self.reading.phone_choices, self.noted, self.length)

    def _area_codes_of(self, phone: ColumnMatch) -> pa.StringArray | None:
        area_code = self.mapping.area_code_of(phone)
        return self.cells[area_code.index] if area_code else None

    def _email(self) -> tuple[pa.StringArray, pa.BooleanArray]:
        """The first valid address of each row, and whether a row has a filled cell but no valid address."""
        email = pa.nulls(self.length, pa.string())
        invalid = pc.is_valid(email)
        for column, cells in self._cells_of(Field.EMAIL):
            read, is_invalid = read_emails(cells)
            other = pc.and_(pc.is_valid(email), pc.not_equal(cells, email))
            if pc.any(other).as_py():
                self.attributes.append((column.header, pc.if_else(other, cells, pa.scalar(None, pa.string()))))
            email = pc.coalesce(email, read)
            invalid = pc.or_(invalid, is_invalid)
            code = pc.if_else(is_invalid, Code.EMAIL_INVALID.value, pa.scalar(None, pa.string()))
            self.noted.add(code, column.index, cells)
        email = pc.coalesce(email, self.phones.emails)
        return email, pc.and_(invalid, pc.is_null(email))

    def _blocking(self, identifier: pa.StringArray, identifier_problem: pa.StringArray) -> pa.StringArray:
        """The first reason to keep the row out: damage in the file, then a missing or unusable identifier."""
        missing = pc.if_else(
            pc.and_(pc.is_null(identifier), pc.is_null(identifier_problem)),
            Code.IDENTIFIER_MISSING.value,
            pa.scalar(None, pa.string()),
        )
        self.noted.add(missing, None, pa.nulls(self.length, pa.string()))
        unusable = pc.if_else(pc.is_null(identifier), identifier_problem, pa.scalar(None, pa.string()))
        return pc.coalesce(self.damage, missing, unusable)

    def _opted_out(self) -> pa.BooleanArray:
        """True where one of the consent columns opts the person out; a yes to messages says nothing here,
        since no import opts anybody in."""
        opted_out = pa.nulls(self.length, pa.bool_())
        for column, cells in self._cells_of(Field.OPTED_OUT):
            consent = read_consent(cells, column.opt_in)
            opted_out = pc.or_kleene(opted_out, pc.if_else(consent.opted_out, True, pa.scalar(None, pa.bool_())))
            code = pc.if_else(consent.is_unclear, Code.OPT_OUT_UNCLEAR.value, pa.scalar(None, pa.string()))
            self.noted.add(code, column.index, cells)
        return opted_out

    def _tags(self) -> pa.StringArray:
        """The distinct tags of all tag columns, split on ; , and |, as text[] literals."""
        text = columns.joined_filled([cells for _, cells in self._cells_of(Field.TAGS)], ";", self.length)
        return columns.by_distinct_value(text, _tags_literal)

    def _attributes(self, taken: Sequence[pa.StringArray]) -> pa.StringArray:
        """JSON objects of what no field takes: unmapped columns under their header, company and country."""
        named = [(Field.COMPANY.value, self._first(Field.COMPANY)), *self._countries()]
        unmapped = [
            (column.header, self.cells[column.index])
            for column in self.mapping.columns
            if column.field is None and not column.is_dropped
        ]
        beside_phones = [(header, _without(kept, taken)) for header, kept in self.phones.kept]
        members = []
        for header, cells in [*named, *unmapped, *self.attributes, *beside_phones]:
            if cells.null_count < self.length:
                key = columns.json_text(pa.array([header]))[0].as_py()
                limited = self._limited(cells, header, MAXIMUM_ATTRIBUTE_LENGTH)
                members.append(columns.joined([f"{key}:", columns.json_text(limited)]))
        if not members:
            return pa.nulls(self.length, pa.string())
        return columns.joined(["{", columns.joined_filled(members, ",", self.length), "}"])

    def _countries(self) -> list[tuple[str, pa.StringArray]]:
        """The country, and under their header the calling codes, which tell of the phone's alone."""
        none, countries, codes = pa.scalar(None, pa.string()), pa.nulls(self.length, pa.string()), []
        for column, cells in self._cells_of(Field.COUNTRY):
            is_code = pc.match_substring_regex(cells, r"\d")
            countries = pc.coalesce(countries, pc.if_else(is_code, none, cells))
            codes.append((column.header, pc.if_else(is_code, cells, none)))
        return [(Field.COUNTRY.value, countries), *codes]

    def _limited(self, values: pa.StringArray, column: str, maximum_length: int) -> pa.StringArray:
        """Values that are too long are left out, with a problem that says so."""
        too_long = pc.greater(pc.utf8_length(values), maximum_length)
        if not pc.any(too_long).as_py():
            return values
        code = pc.if_else(too_long, Code.VALUE_TOO_LONG.value, pa.scalar(None, pa.string()))
        self.noted.add(code, str(column), values)
        return pc.if_else(too_long, pa.scalar(None, pa.string()), values)

    def _is_sample(self, repairs: pa.StringArray) -> pa.BooleanArray:
        """Some of the repaired rows, to show what was repaired; all of them would be a second copy of the file."""
        nothing = pa.nulls(max(self.length - REPAIR_SAMPLES, 0), pa.bool_())
        return pc.fill_null(pa.concat_arrays([pc.is_valid(repairs[:REPAIR_SAMPLES]), nothing]), False)

    def _raw_literal(self, mask: pa.BooleanArray) -> pa.StringArray:
        return columns.array_literal([cells.filter(mask) for cells in self.raw])
