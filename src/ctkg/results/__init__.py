"""Answers as values: a table of typed cells with its citations, and the forms it is printed in."""

from ctkg.results.cells import COLUMN_TYPES, Cell, Column, Evidence, Resource, heading, words
from ctkg.results.formats import FORMATS, render
from ctkg.results.table import Citation, Note, ResultTable

__all__ = [
    "COLUMN_TYPES", "FORMATS", "Cell", "Citation", "Column", "Evidence",
    "Note", "Resource", "ResultTable", "heading", "render", "words",
]  # fmt: skip
