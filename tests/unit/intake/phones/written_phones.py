"""Made-up cells: numbers of every region, damaged and written in the ways people write them."""

import random

import phonenumbers

from lead_store.intake.phones import REGIONS

KINDS = range(11)
WRITINGS = (
    "{0}", "+{1}", "{1}", "00{1}", "0{0}", "+{2} (0){0}", "({3}) {4}", "{3}-{4}", "{1}.0", "{0}.0",
    "p:+{1}", "'{0}", "'+{1}", '="{1}"', " {0} ", "{0}.", "+{2} 0{0}", "{2}0{0}", "0{2}{0}", "015{0}",
    "041 {0}", "0015{0}", "+00{1}", "(+{2}) {0}", "{0} / {0}", "+{1} +{1}", "{0} Maria", "Tel: {0}",
    "{0} ext 12", "{0},00", "\u00a0{0}", "{3}\u2011{4}", "{3}\u00a0{4}", "8{0}", "1{0}", "15{0}", "9{0}",
    "011{1}", "{3}.{4}", "{0}...", "044{0}", "521{0}", "+521{0}", "550{0}", "/{0}", "{0}/", "++{1}",
    "{3}+{4}", "p: {0}.0", "'{0}.00", "\t{0}", "{0}\u200b", "0055{0}", "00 {1}.0", "-{0}", "+ {1}",
)  # fmt: skip


def national_numbers(region: str) -> list[str]:
    """phonenumbers' example of each kind of number of a region, as national digits."""
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    return [phonenumbers.national_significant_number(example) for example in examples if example]


def damaged(digits: str, chance: random.Random) -> str:
    """The digits with a few changed, one added or one lost."""
    changed = list(digits)
    for _ in range(chance.choice((0, 1, 2, 4, 6))):
        changed[chance.randrange(len(changed))] = chance.choice("0123456789")
    if chance.random() < 0.15:
        changed.insert(chance.randrange(len(changed)), chance.choice("0123456789"))
    if chance.random() < 0.15 and len(changed) > 4:
        changed.pop()
    return "".join(changed)


def cells(region: str, count: int, chance: random.Random) -> list[str]:
    """Cells of one region, its examples damaged and written in all ways."""
    code = str(phonenumbers.country_code_for_region(region))
    examples = national_numbers(region) or ["123456789"]
    written = []
    for _ in range(count):
        digits = damaged(chance.choice(examples), chance)
        writing = chance.choice(WRITINGS)
        written.append(writing.format(digits, code + digits, code, digits[:2], digits[2:]))
    return written


ALL_REGIONS = sorted(REGIONS)
