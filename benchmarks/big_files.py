"""What large files take to read: memory where they are whole, time where every row is damaged.

python -m benchmarks.big_files             the memory of 1 GB of CSV and of a workbook of 1,000,000 rows, each in a
                                           process of its own, beside that of a tenth of it; needs 1 GB of disk
python -m benchmarks.big_files --ragged    300,000 rows of other widths, as multiples of the same rows undamaged
"""

import argparse
import multiprocessing
import random
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from lead_store.intake.reading import inspect, read_batches

LINES_AT_A_TIME = 10_000
SMALL, LARGE = 100_000_000, 1_000_000_000
SHEET_ROWS = 1_000_000

_WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Contatos" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def _person(number: int) -> tuple[str, ...]:
    # A factor that shares nothing with 10**8 spreads the digits, so that the archive cannot pack them to nothing.
    spread = number * 48_271 % 10**8
    return f"Pessoa {spread}", f"(11) 9{spread // 10_000:04d}-{spread % 10_000:04d}", f"p{spread}@exemplo.com.br", "vip"


def _write_csv(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("Nome,Telefone,E-mail,Tags\n")
        first = 0
        while file.tell() < size:
            lines = (",".join(_person(number)) for number in range(first, first + LINES_AT_A_TIME))
            file.write("\n".join(lines) + "\n")
            first += LINES_AT_A_TIME


def _write_xlsx(path: Path, rows: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _WORKBOOK.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_SHEET + _row(1, ("Nome", "Telefone", "E-mail", "Tags"))).encode())
            for first in range(0, rows, LINES_AT_A_TIME):
                texts = (_row(number + 2, _person(number)) for number in range(first, first + LINES_AT_A_TIME))
                sheet.write("".join(texts).encode())
            sheet.write(b"</sheetData></worksheet>")


def _row(number: int, cells: tuple[str, ...]) -> str:
    texts = (
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABCD", cells, strict=True)
    )
    return f'<row r="{number}">{"".join(texts)}</row>'


def _measure(path: Path) -> tuple[int, float, float, float]:
    """(rows, seconds, peak MB of this process, MB it had before) of looking at a file and reading it, as an import."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    with path.open("rb") as file:
        dialect = inspect(file, path.name).dialect
        rows = sum(batch.num_rows for batch in read_batches(file, dialect))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return rows, time.perf_counter() - started, peak, before


def print_memory(folder: str | None) -> None:
    """A CSV of 100 MB and one of 1 GB; a workbook of 100,000 rows and one of a million."""
    with tempfile.TemporaryDirectory(dir=folder) as here:
        for names, write, sizes in (
            (("small.csv", "large.csv"), _write_csv, (SMALL, LARGE)),
            (("small.xlsx", "large.xlsx"), _write_xlsx, (SHEET_ROWS // 10, SHEET_ROWS)),
        ):
            peaks = []
            for name, size in zip(names, sizes, strict=True):
                path = Path(here) / name
                write(path, size)
                # A process started anew, so that neither this one's memory nor the other file's is counted.
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    rows, seconds, peak, before = pool.apply(_measure, (path,))
                peaks.append(peak)
                megabytes = path.stat().st_size / 1e6
                print(f"{name:11} {megabytes:6,.0f} MB {rows:10,} rows {seconds:6.1f} s  peak {peak:5,.0f} MB", end="")
                grown = (peak - before) / megabytes
                print(f", of which {before:,.0f} MB before reading: grown by {grown:.1f} times the file", flush=True)
                path.unlink()
            print(f"{'':11} peak of the large one {peaks[1] / peaks[0]:.2f} times that of the small one", flush=True)


RAGGED: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "undamaged": lambda cells, chance: cells,
    "every row too short": lambda cells, chance: cells[:4],
    "every row too long": lambda cells, chance: [*cells, "more"],
    "every other row short": lambda cells, chance: cells[: chance.choice((3, 5))],
    "two to seven cells": lambda cells, chance: cells[: chance.randint(2, 5)] + ["x"] * chance.choice((0, 0, 1, 2)),
    "a stray quote in every row": lambda cells, chance: ['Ana "Nina Lima', *cells[1:]],
}


def print_ragged() -> None:
    """Processor seconds of inspect and read_batches on files that differ in their damage alone."""
    undamaged = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, damage in RAGGED.items():
            path, chance = Path(folder) / "ragged.csv", random.Random(1)
            with path.open("w", encoding="utf-8") as file:
                file.write("Nome,Telefone,E-mail,Cidade,Tags\n")
                for number in range(300_000):
                    row = [
                        f"João {number}",
                        f"(11) 9{number:08d}",
                        f"j{number}@exemplo.com.br",
                        "Natal",
                        '"vip, aluno"',
                    ]
                    file.write(",".join(damage(row, chance)) + "\n")
            with path.open("rb") as file:
                started = time.process_time()
                dialect = inspect(file, path.name).dialect
                rows = sum(batch.num_rows for batch in read_batches(file, dialect))
                seconds = time.process_time() - started
            undamaged = undamaged or seconds
            print(f"{name:28} {rows:,} rows {seconds:5.2f} s = {seconds / undamaged:.1f} times", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ragged", action="store_true")
    parser.add_argument("--folder", help="where the big files are put while they are read; else the temporary folder")
    arguments = parser.parse_args()
    if arguments.ragged:
        print_ragged()
    else:
        print_memory(arguments.folder)
