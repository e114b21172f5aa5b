"""People as programs give them: what is stored of each, or why nothing can be."""

import pytest

from lead_store.leads.reading import FEW_NUMBERS, Person, read_people


@pytest.mark.parametrize(
    ("channel", "given", "identifier", "variant"),
    [
        ("whatsapp", "+5511987654321", "+5511987654321", "+551187654321"),
        ("whatsapp", "+55 (11) 98765-4321", "+5511987654321", "+551187654321"),
        ("whatsapp", "(11) 98765-4321", "+5511987654321", "+551187654321"),  # In the organization's region.
        ("whatsapp", "+551187654321", "+551187654321", "+5511987654321"),  # WhatsApp's id of an older account.
        ("sms", "+14155552671", "+14155552671", None),
        ("email", "<Ana@Gmail.com>", "ana@gmail.com", None),
    ],
)
def test_identifier_is_brought_into_its_normal_form(channel: str, given: str, identifier: str, variant: str) -> None:
    (read,) = read_people([Person(channel, given)], "BR")
    assert read.values is not None
    assert (read.values["identifier"], read.values["variant"]) == (identifier, variant)
    assert read.channel_identifier == identifier


@pytest.mark.parametrize(
    ("channel", "given", "code"),
    [
        ("whatsapp", "hello", "phone_invalid"),
        ("whatsapp", "", "identifier_missing"),
        ("whatsapp", None, "identifier_missing"),
        ("whatsapp", "551187654321", "phone_ambiguous"),  # Without its plus sign there is something to ask.
        ("email", "ana@", "email_invalid"),
        ("pigeon", "+5511987654321", "channel_unknown"),
        (None, "+5511987654321", "channel_unknown"),
    ],
)
def test_person_who_cannot_be_reached_is_a_problem(channel: str | None, given: str | None, code: str) -> None:
    (read,) = read_people([Person(channel, given, name="Ana")], "BR")
    assert read.values is None
    assert read.problem is not None
    assert read.problem.code == code


def test_values_that_cannot_be_used_are_left_out_with_a_warning() -> None:
    person = Person("whatsapp", "+5511987654321", name="x" * 300, email="nobody", phone="1")
    (read,) = read_people([person], "BR")
    assert read.values is not None
    assert (read.values["name"], read.values["email"], read.values["phone"]) == (None, None, "+5511987654321")
    assert sorted(warning.code for warning in read.warnings) == ["email_invalid", "phone_invalid", "value_too_long"]


def test_how_a_person_is_reached_is_also_their_profile() -> None:
    by_phone, by_email = read_people([Person("sms", "+14155552671"), Person("email", "ana@gmail.com")], None)
    assert by_phone.values is not None
    assert by_email.values is not None
    assert (by_phone.values["phone"], by_email.values["email"]) == ("+14155552671", "ana@gmail.com")


def test_few_people_are_read_as_many_are() -> None:
    texts = [
        "+5511987654321",
        " (11) 98765-4321 ",
        "011 98765 4321",
        "+551187654321",
        "1187654321",
        "x",
        " ",
        "5.5E+12",
    ]
    people = [Person("whatsapp", text, phone=text) for text in texts]
    crowd = [Person("whatsapp", f"+55119{number}") for number in range(70_000_000, 70_000_000 + FEW_NUMBERS)]
    assert read_people([*people, *crowd], "BR")[: len(people)] == read_people(people, "BR")
