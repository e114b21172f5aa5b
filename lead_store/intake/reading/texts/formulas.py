"""Formulas of a CSV that are nothing but a text. The results that are saved in a workbook are read by calamine."""

import re

import pyarrow as pa
import pyarrow.compute as pc

TEXTS = 'Formulas that are nothing but a text, such as ="0119", are read as that text.'
FEWEST_TEXTS = 2
_IS_TEXT = r'^="([^"]*)"$'


def text_of(cell: str) -> str:
    """What a spreadsheet program shows of a cell of a CSV that is a formula with nothing but a text: ="0119" keeps the
    zero of a number, and many programs write it."""
    return re.sub(_IS_TEXT, r"\1", cell)


def with_texts(table: pa.Table) -> pa.Table:
    """The columns of a table (`rows.schema`) with such formulas as their texts, null where these are blank."""
    for place, name in enumerate(table.column_names):
        column = table[name]
        if name[0] == "c" and pc.any(pc.starts_with(column, '="')).as_py():
            texts = pc.replace_substring_regex(column, _IS_TEXT, r"\1")
            texts = pc.if_else(pc.equal(texts, ""), None, texts)
            table = table.set_column(place, table.schema.field(name), texts)
    return table
