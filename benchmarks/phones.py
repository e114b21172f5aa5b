"""How fast `read_phones` reads a column, against phonenumbers alone in the same run, and whether it answers the same.

    python benchmarks/phones.py [--rows 1000000] [--alone 50000] [--compared 100000]

Two made-up lists: mostly Brazilian (92 % Brazil, the rest of five neighbours) and a mix of 40 regions, each in the
formats that people use, with 2 % that are no number. Times are processor seconds of this process, which runs on one
core, so that others on the machine disturb less. "Different" counts rows on which the column-wise path and the
cell-by-cell path (`cells.read_cell`) disagree in any column; "other than phonenumbers" counts valid numbers for which
phonenumbers alone would have given another one, by the rule that decided otherwise.
"""

import argparse
import random
import re
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable

import phonenumbers
import pyarrow as pa
from phonenumbers import PhoneNumberFormat

from lead_store.intake.phones import odd_cells, read_phones
from lead_store.intake.phones.cells import read_cell
from lead_store.intake.phones.variants import variant_of

RUNS = 5
COLUMNS = ("e164", "variant", "problem", "repair", "pattern", "others")
NEIGHBOURS = ("AR", "UY", "PT", "US", "CO")
FORTY = tuple(
    re.findall(
        "..",
        "BRUSMXARCOCLPEECUYPYBOVEGTCRPADOPTESFRDEITGBIENLBECHATPLSENODKFIGRTRZANGKEINIDAU",
    )
)
AREAS = (11, 12, 19, 21, 22, 27, 31, 41, 47, 48, 51, 61, 62, 67, 71, 81, 85, 91, 92, 98)
KINDS = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)


def _national_number(region: str, chance: random.Random) -> phonenumbers.PhoneNumber:
    example = phonenumbers.example_number_for_type(region, KINDS[chance.random() < 0.2])
    digits = phonenumbers.national_significant_number(example)
    for kept in (4, 5, 6, 4, 5, 6):
        tail = "".join(chance.choice("0123456789") for _ in digits[kept:])
        number = phonenumbers.parse(f"+{example.country_code}{digits[:kept]}{tail}")
        if phonenumbers.is_valid_number(number):
            return number
    return example


def _brazilian_number(chance: random.Random) -> phonenumbers.PhoneNumber:
    area = chance.choice(AREAS)
    mobile = f"9{chance.randint(6, 9)}{chance.randint(0, 9_999_999):07d}"
    landline = f"{chance.randint(2, 5)}{chance.randint(0, 9_999_999):07d}"
    return phonenumbers.parse(f"+55{area}{mobile if chance.random() < 0.85 else landline}")


def _written(number: phonenumbers.PhoneNumber, chance: random.Random) -> str:
    """One of the ways in which people and programs write a number."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    bare = "".join(character for character in national if character.isdigit())
    ways = (e164, e164[1:], national, international, bare, f"{e164[1:]}.0", f"p:{e164}", f"00{e164[1:]}", None)
    way = chance.choices(ways, weights=(20, 20, 15, 15, 20, 4, 2, 2, 2))[0]
    return way or _junk(chance)


def _junk(chance: random.Random) -> str:
    digits = "".join(chance.choice("0123456789") for _ in range(chance.randint(6, 12)))
    return chance.choice((digits, digits, digits, "n/a", "-", "sem telefone", "5,51199E+12", f"{digits} / {digits}"))


def _list_of(rows: int, region_of: Callable[[random.Random], str]) -> tuple[list[str], list[str]]:
    chance = random.Random(7)
    regions = [region_of(chance) for _ in range(rows)]
    numbers = (_brazilian_number(chance) if region == "BR" else _national_number(region, chance) for region in regions)
    return [_written(number, chance) for number in numbers], regions


def _alone(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if valid else None


def _rate_alone(texts: list[str], regions: list[str], rows: int) -> float:
    # Metadata is loaded on first use; that is not what is measured.
    for region in set(regions):
        _alone("+5511987654321", region)
    start = time.process_time()
    for text, region in zip(texts[:rows], regions[:rows], strict=True):
        _alone(text, region)
    return min(rows, len(texts)) / (time.process_time() - start)


def _compare(texts: list[str], regions: list[str], answers: list[dict[str, str | None]]) -> None:
    different, other = 0, Counter()
    for text, region, answer in zip(texts, regions, answers, strict=True):
        cell = read_cell(text, region, {})
        variant = variant_of(cell.e164) if cell.e164 else None
        expected = (cell.e164, variant, cell.problem, cell.repair, cell.pattern, cell.others)
        if expected != tuple(answer[column] for column in COLUMNS):
            different += 1
        alone = _alone(text, region)
        if alone != answer["e164"]:
            other[answer["pattern"] or answer["repair"] or answer["problem"] or "?"] += 1
    print(f"  compared {len(texts):>9,}   different {different}   other than phonenumbers {dict(other)}")


def _measure(name: str, texts: list[str], regions: list[str], one_region: str | None, options) -> None:
    column = pa.array(texts)
    region = one_region or pa.array(regions)
    # Compiling the numbering plans is done once per process: 0.05 s for one country, 1 s for all of them.
    read_phones(column.slice(0, 5_000), region if one_region else region.slice(0, 5_000))
    alone_rates, rates = [], []
    for _ in range(RUNS):
        alone_rates.append(_rate_alone(texts, [one_region or each for each in regions], options.alone))
        # Each run meets its odd cells for the first time.
        odd_cells.forget()
        start = time.process_time()
        answers = read_phones(column, region)
        rates.append(len(texts) / (time.process_time() - start))
    alone, rate = statistics.median(alone_rates), statistics.median(rates)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {len(texts):,} rows, medians of {RUNS}")
    print(f"  phonenumbers alone {alone:>10,.0f} rows/s")
    print(f"  read_phones        {rate:>10,.0f} rows/s   (peak of the process {peak:,.0f} MB, its lists included)")
    print(f"  ratio              {rate / alone:>10.1f} times")
    compared = options.compared
    _compare(
        texts[:compared], [one_region or each for each in regions][:compared], answers.slice(0, compared).to_pylist()
    )


def main() -> None:
    """Run both lists and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--alone", type=int, default=50_000, help="rows on which phonenumbers alone is timed")
    parser.add_argument("--compared", type=int, default=100_000, help="rows compared with the cell-by-cell path")
    options = parser.parse_args()
    brazil = _list_of(options.rows, lambda chance: "BR" if chance.random() < 0.92 else chance.choice(NEIGHBOURS))
    _measure("Mostly Brazilian, read as BR", *brazil, "BR", options)
    mix = _list_of(min(options.rows, 200_000), lambda chance: chance.choice(FORTY))
    _measure("40 regions", *mix, None, options)


if __name__ == "__main__":
    main()
