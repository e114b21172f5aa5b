"""The certain repairs: their stable codes and what people read about each. What does them is in `cells` and
`numbers`.
"""

REPAIRS: dict[str, str] = {
    "leading_apostrophe": "An apostrophe before the number, which makes Excel keep it as text, was left out.",
    "excel_decimal": "The spreadsheet had turned the number into a decimal (.0); the decimal was dropped.",
    "scientific_notation": "The number was in scientific notation with all its digits, and was written out.",
    "thousands_separators": "Thousands separators were taken out.",
    "formula_text": "A formula that holds nothing but the number was read as the number.",
    "prefix_text": 'A prefix such as "p:" or "tel:" was left out.',
    "whatsapp_link": "The number was taken from a WhatsApp link or WhatsApp id.",
    "unicode_digits": "Digits of another script or width, or invisible characters, became plain digits.",
    "international_00": "00 before a country code was read as +, though it is not dialled so in this region.",
    "own_country_code": "The number begins with the country code of its own region, without +.",
    "trunk_zero": "The trunk prefix (the 0 dialled inside the country) was left out.",
    "carrier_code": "The code of a long-distance carrier was left out.",
    "national_rewrite": "A number in its country's inland form was rewritten by the numbering plan's rule.",
    "retired_prefix": "A dialling prefix that its country has abolished was left out.",
    "extension": "The extension of a switchboard is not dialled; it is kept as an attribute.",
    "vanity_letters": "Letters on the telephone keys became digits.",
    "text_beside": "The number was taken out of the words beside it, which are kept as an attribute.",
    "first_of_several": "The cell holds several numbers; the first valid one is used.",
    "decided": "Read as you decided for all numbers of this pattern.",
}
"""Code -> sentence. Codes are stable: they are counted in reports and kept in the store."""
