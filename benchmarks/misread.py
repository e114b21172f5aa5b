"""How much of garbled text is mended, and how much of sound text is changed: names and cities of many countries.

    python -m benchmarks.misread [--misses]

Each text beyond ASCII is taken as it is, and garbled as most programs do it: its UTF-8 read as Windows-1252.
"""

import argparse

from faker import Faker

from lead_store.intake.misread import meant_by

LOCALES = [
    *("pt_BR", "pt_PT", "es_MX", "es_ES", "fr_FR", "de_DE", "it_IT", "sv_SE", "da_DK", "pl_PL", "cs_CZ", "ro_RO"),
    *("hu_HU", "tr_TR", "lv_LV", "ru_RU", "uk_UA", "el_GR", "he_IL", "vi_VN", "hi_IN", "ja_JP", "zh_CN"),
]
TEXTS = 400
# The bytes that Windows-1252 leaves free are shown as they are by those who read it.
UNASSIGNED = {byte for byte in range(0x80, 0xA0) if not bytes([byte]).decode("cp1252", "ignore")}


def texts_of(locale: str) -> list[str]:
    made_up = Faker(locale)
    made_up.seed_instance(3)
    texts = [text for _ in range(TEXTS) for name in [made_up.name()] for text in (name, name.upper(), made_up.city())]
    return sorted({text for text in texts if not text.isascii()})


def garbled(text: str) -> str:
    return "".join(chr(byte) if byte in UNASSIGNED else bytes([byte]).decode("cp1252") for byte in text.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="list each text that does not come back")
    arguments = parser.parse_args()
    print("locale  texts  mended  wrongly  sound ones changed")
    sums = [0, 0, 0, 0]
    for locale in LOCALES:
        texts = texts_of(locale)
        read = {text: meant_by(garbled(text)) for text in texts}
        misses = [text for text, meant in read.items() if meant != text]
        wrong = sum(read[text] != garbled(text) for text in misses)
        changed = sum(meant_by(text) != text for text in texts)
        counts = (len(texts), len(texts) - len(misses), wrong, changed)
        sums = [total + count for total, count in zip(sums, counts, strict=True)]
        print("{:6} {:6} {:7} {:8} {:19}".format(locale, *counts))
        if arguments.misses:
            print(*(f"       {text}: {garbled(text)}" for text in misses), sep="\n")
    print("{:6} {:6} {:7} {:8} {:19}".format("all", *sums))


if __name__ == "__main__":
    main()
