"""Texts: bytes -> blocks of text -> records -> tables, with what is judged of them.

    encodings (plausibility, languages) > text > delimiters > delimited (ragged, records where rows are damaged)

`head` judges the first block; `endings` and `formulas` know habits of the programs that write such files.
"""
