"""Read tables as people make them, and write tables that people open.

Pure. What comes in is a file that somebody sent: it is bounded before anything is unpacked, read in
a process of its own and never executed. What comes out is plain text with the numbers of the rows
that the person sees, so that every complaint can say where.
"""

from civic.kernel.problems import Problem
from civic.kernel.sheets.reading import Limits, Sheet, SheetRefused, read
from civic.kernel.sheets.tables import Column, Kind, Row, Table, table
from civic.kernel.sheets.texts import a_date, cleaned, folded
from civic.kernel.sheets.writing import Cell, write_csv, write_xlsx

__all__ = [
    "Cell",
    "Column",
    "Kind",
    "Limits",
    "Problem",
    "Row",
    "Sheet",
    "SheetRefused",
    "Table",
    "a_date",
    "cleaned",
    "folded",
    "read",
    "table",
    "write_csv",
    "write_xlsx",
]
