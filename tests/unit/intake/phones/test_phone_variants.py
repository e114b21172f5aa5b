"""Variants: the other number of the same WhatsApp person, mobiles only."""

import pyarrow as pa
import pytest

from lead_store.intake.phones import read_phones, variant_of

VARIANTS = [
    # E.164, variant, remark
    ("+5511987654321", "+551187654321", "Brazil: the ninth digit goes"),
    ("+551187654321", "+5511987654321", "and comes"),
    ("+5541932345678", None, "4132345678 is somebody's landline"),
    ("+554132345678", None, "a landline"),
    ("+5508001234567", None, "a toll-free number"),
    ("+525512345678", "+5215512345678", "Mexico: the old 1 comes"),
    ("+5215512345678", "+525512345678", "and goes"),
    ("+5491123456789", "+541123456789", "Argentina: the 9 of mobiles goes"),
    ("+541123456789", None, "without it, it is a landline's form"),
    ("+351912345678", None, "elsewhere there are none"),
]


@pytest.mark.parametrize(("e164", "variant", "remark"), VARIANTS)
def test_variant_of_a_number(e164, variant, remark):
    assert variant_of(e164) == variant, remark


def test_columns_carry_the_same_variants():
    numbers = [e164 for e164, _, _ in VARIANTS]
    batch = read_phones(pa.array(numbers), None)
    for e164, variant in zip(batch.column("e164").to_pylist(), batch.column("variant").to_pylist(), strict=True):
        assert variant == (variant_of(e164) if e164 else None)


@pytest.mark.parametrize("e164", [e164 for e164, variant, _ in VARIANTS if variant and not e164.startswith("+54")])
def test_variants_lead_back(e164):
    assert variant_of(variant_of(e164)) == e164
