"""Data: two-dimensional toys, real data sets, tables of one's own, splitting, and preparing columns as inputs.

In come names, seeds, files and data frames. Out go data sets (arrays of inputs and targets, with their names), and
tables of columns whose kinds are known, with what makes inputs of them. It knows nothing of networks.
"""

from nn.data.columns import KINDS, Column, Table
from nn.data.dataset import Dataset, Floats, Standardizer, folds_of, split_rows
from nn.data.preparing import Preparation
from nn.data.reading import DATES, read_table
from nn.data.real import digits, iris
from nn.data.roles import TASKS, Target, judged, target_of
from nn.data.toys import blobs, circles, moons, spirals, xor

__all__ = [
    "DATES",
    "KINDS",
    "REAL",
    "TASKS",
    "TOYS",
    "Column",
    "Dataset",
    "Floats",
    "Preparation",
    "Standardizer",
    "Table",
    "Target",
    "blobs",
    "circles",
    "digits",
    "folds_of",
    "iris",
    "judged",
    "moons",
    "read_table",
    "spirals",
    "split_rows",
    "target_of",
    "xor",
]

TOYS = {make.__name__: make for make in (moons, circles, spirals, xor, blobs)}
REAL = {load.__name__: load for load in (iris, digits)}
