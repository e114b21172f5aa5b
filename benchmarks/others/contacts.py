"""What every compared program is given, and has to make of it: columns, and phones as phonenumbers reads them."""

import phonenumbers

SEPARATOR = ";"
CODE, NAME, PHONE, EMAIL, CITY, TAGS = "Código", "Nome", "Celular", "E-mail", "Cidade", "Etiquetas"
CHANNEL = "whatsapp"
REGION = "BR"


def to_e164(cell: str) -> str | None:
    """The number that a cell holds, or None where it holds no valid one."""
    try:
        number = phonenumbers.parse(cell, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_tags(cell: str) -> list[str]:
    """The tags of a cell."""
    return [tag for tag in cell.split("|") if tag]
