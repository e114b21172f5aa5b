"""Makes contact files of any size: Brazilian people as organizations export them, mixed and messy.

    python -m benchmarks.people ROWS FILE [--seed N] [--changed SHARE] [--first N]

2 % of the rows repeat an earlier person, 3 % hold no usable phone, 1 % share an e-mail; phones come in seven
formats. The same seed gives the same file; --changed gives another name to that share of the people. --first is the
number of the first person: files whose numbers do not overlap have no person in common.
"""

import argparse
from pathlib import Path

import numpy as np

FIRST = [
    "Ana",
    "Bia",
    "Caio",
    "Davi",
    "Elis",
    "Fábio",
    "Gabriela",
    "Heitor",
    "Íris",
    "João",
    "Karina",
    "Lucas",
    "Mariana",
    "Nina",
    "Otávio",
    "Paula",
    "Rafael",
]
MIDDLE = ["Alves", "Barbosa", "Campos", "Dias", "Esteves", "Fonseca", "Gomes", "Henriques", "Justino", "Lemos"]
LAST = [
    "Araújo",
    "Batista",
    "Cardoso",
    "Duarte",
    "Farias",
    "Guimarães",
    "Lima",
    "Macedo",
    "Nogueira",
    "Oliveira",
    "Prado",
    "Queiroz",
    "Reis",
    "Souza",
]
CITIES = [
    "Campinas",
    "Curitiba",
    "Florianópolis",
    "Fortaleza",
    "Goiânia",
    "Manaus",
    "Natal",
    "Niterói",
    "Recife",
    "Salvador",
    "Santos",
]
TAGS = ("cliente", "cliente|vip", "newsletter", "", "evento 2026|cliente")
AREA_CODES = (11, 12, 13, 19, 21, 22, 24, 27, 31, 32, 41, 43, 47, 48, 51, 54, 61, 62, 65, 71, 81, 85, 91, 92)
UNUSABLE = ("", "não tem", "1234", "5,51199E+12", "(00) 0000-0000")
HEADER = "Código;Nome;Celular;E-mail;Cidade;Etiquetas\n"
BLOCK = 100_000


def write_people(path: Path, rows: int, *, seed: int = 7, changed: float = 0.0, first: int = 0) -> None:
    """A semicolon CSV in UTF-8 with `rows` rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        for start in range(first, first + rows, BLOCK):
            count = min(BLOCK, first + rows - start)
            file.writelines(_lines(np.random.default_rng([seed, start]), start, count, changed))


def _lines(random: np.random.Generator, start: int, count: int, changed: float) -> list[str]:
    person = np.arange(start, start + count)
    repeats = random.random(count) < 0.02
    person[repeats] = start + random.integers(0, count, repeats.sum())
    unusable = random.random(count) < 0.03
    shares_email = random.random(count) < 0.01
    # A person's number follows from the person, so that repeats have the same one; multiplication by a number
    # that has no factor in common with the range reaches each number once.
    subscriber = (person * 48_271 + 11) % 90_000_000 + 10_000_000
    area = np.array(AREA_CODES)[person % len(AREA_CODES)]
    form = random.integers(0, 7, count)
    rename = np.random.default_rng([99, start]).random(count) < changed
    lines = []
    for place in range(count):
        number = int(person[place])
        name = f"{FIRST[number % 17]} {MIDDLE[number // 17 % 10]} {LAST[number // 170 % 14]}"
        if rename[place]:
            name += " Neto"
        local = str(subscriber[place])
        phone = (
            UNUSABLE[number % 5]
            if unusable[place]
            else _FORMS[form[place]].format(area=area[place], a=local[:4], b=local[4:])
        )
        mail = "familia@example.com" if shares_email[place] else f"pessoa{number}@exemplo{number % 997}.com.br"
        city, tags = CITIES[number % 11], TAGS[number % 5]
        lines.append(f"C{number:08d};{name};{phone};{mail};{city};{tags}\n")
    return lines


_FORMS = (
    "({area}) 9{a}-{b}",
    "{area}9{a}{b}",
    "+55 {area} 9{a}-{b}",
    "55{area}9{a}{b}",
    "0{area} 9{a} {b}",
    "{area} 9{a}.{b}",
    "+55{area}9{a}{b}",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--changed", type=float, default=0.0)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    write_people(options.file, options.rows, seed=options.seed, changed=options.changed, first=options.first)


if __name__ == "__main__":
    main()
