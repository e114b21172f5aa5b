"""Markup under the name of a workbook: web pages and the XML of Excel 2003 -> rows of text, by lxml.

web_page | excel_xml (both listening to a parser) > tables
"""
