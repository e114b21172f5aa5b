"""How well columns are matched where no header helps: lists of made-up people of many countries.

    python -m benchmarks.headerless [--misses]

Each list has 120 rows in one of six orders of columns, its phones in one of four forms, blanks and "n/a" among them.
A field is right where its column feeds it; wrong where another does, or where the list has no such column; missed
where none does. The header row, of which there is none, counts as a field: wrong where a row of people is taken for it.
The names come from Faker, whose lists the matching knows: of people whom nobody made up fewer are told.
"""

import argparse
import io
import random
from collections import Counter
from collections.abc import Iterator, Sequence

import phonenumbers
from faker import Faker
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from lead_store.intake.mapping import suggest
from lead_store.intake.reading import inspect

# Locales of Faker with the region of their phones. Where Faker mixes in names of other countries (Vietnam, Iran) or
# calls cities by given names (Philippines), nothing can be learnt.
REGIONS = {
    "pt_BR": "BR", "pt_PT": "PT", "en_US": "US", "en_GB": "GB", "en_IN": "IN", "en_NG": "NG", "en_KE": "KE",
    "es_MX": "MX", "es_ES": "ES", "es_CO": "CO", "es_AR": "AR", "es_CL": "CL", "fr_FR": "FR", "de_DE": "DE",
    "it_IT": "IT", "nl_NL": "NL", "pl_PL": "PL", "sv_SE": "SE", "fi_FI": "FI", "da_DK": "DK", "no_NO": "NO",
    "hu_HU": "HU", "cs_CZ": "CZ", "ro_RO": "RO", "el_GR": "GR", "ru_RU": "RU", "uk_UA": "UA", "tr_TR": "TR",
    "he_IL": "IL", "id_ID": "ID", "th_TH": "TH", "hi_IN": "IN", "bn_BD": "BD", "zh_CN": "CN", "ja_JP": "JP",
    "ko_KR": "KR",
}  # fmt: skip
ORDERS = (
    ("phone", "name", "email", "city"),
    ("last_name", "first_name", "email", "phone"),
    ("number", "date", "first_name", "last_name", "city", "phone"),
    ("email", "city", "phone", "name"),
    ("number", "name", "phone", "email", "city", "date"),
    ("first_name", "city", "phone"),
)
ROWS = 120


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list each field of a list that is not right")
    options = parser.parse_args()
    random.seed(1)
    counts: dict[str, Counter[str]] = {}
    for locale, region in REGIONS.items():
        people = Faker(locale)
        people.seed_instance(1)
        for place, order in enumerate(ORDERS):
            rows = list(_rows(people, region, order, form=place % 4))
            for field, verdict in _judge(rows, order, region):
                counts.setdefault(field, Counter())[verdict] += 1
                if options.misses and verdict != "right":
                    print(f"{verdict:<7}{field:<12}{locale} {', '.join(order)}: {rows[0]}")
    print(f"{'field':<12}{'right':>6}{'wrong':>6}{'missed':>7}")
    for field, count in sorted(counts.items()):
        print(f"{field:<12}{count['right']:>6}{count['wrong']:>6}{count['missed']:>7}")


def _rows(people: Faker, region: str, order: Sequence[str], form: int) -> Iterator[list[str]]:
    for number in range(ROWS):
        phone = _phone(region, form) if random.random() > 0.12 else random.choice(["", "-", "n/a"])
        cells = {
            "number": str(1000 + number),
            "phone": phone,
            "name": people.name(),
            "first_name": people.first_name(),
            "last_name": people.last_name(),
            "email": people.email() if random.random() > 0.4 else "",
            "city": people.city(),
            "date": people.date(),
        }
        yield [cells[name].replace("\n", " ").replace(";", ",") for name in order]


def _phone(region: str, form: int) -> str:
    """A valid mobile: as written in its country, with +, its national digits alone, or all digits without +."""
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    while True:
        digits = str(example.national_number)[:-6] + f"{random.randrange(1_000_000):06}"
        phone = phonenumbers.PhoneNumber(country_code=example.country_code, national_number=int(digits))
        if phonenumbers.is_valid_number(phone):
            break
    international = phonenumbers.format_number(phone, PhoneNumberFormat.E164)
    national = phonenumbers.format_number(phone, PhoneNumberFormat.NATIONAL)
    return (national, international, digits, international.removeprefix("+"))[form]


def _judge(rows: Sequence[Sequence[str]], order: Sequence[str], region: str) -> Iterator[tuple[str, str]]:
    content = "\n".join(";".join(cells) for cells in rows)
    seen = inspect(io.BytesIO(content.encode()), "list.csv")
    yield "header row", "wrong" if seen.dialect.header_row else "right"
    mapping = suggest([column.header for column in seen.columns], [column.values for column in seen.columns], region)
    expected = dict(zip(order, range(len(order)), strict=True))
    if "first_name" in expected and "last_name" not in expected:
        expected["name"] = expected.pop("first_name")
    found = {column.field.value: column.index for column in mapping.columns if column.field and not column.order}
    for field in ("phone", "name", "first_name", "last_name", "email"):
        if field in found:
            yield field, "right" if found[field] == expected.get(field) else "wrong"
        elif field in expected:
            yield field, "missed"


if __name__ == "__main__":
    main()
