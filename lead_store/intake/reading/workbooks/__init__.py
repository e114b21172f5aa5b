"""Workbooks: XLSX, XLSM, XLS and ODS -> rows of text, by python-calamine.

    expansion, shared_texts > rehearsing (rehearsal) > workbook (large_sheets, rewriting) > values

What would harm is refused before calamine sees it, and a process of its own sees it first. `sheet_marks` tells what
calamine does not.
"""
