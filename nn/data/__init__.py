"""Data: two-dimensional toys, real data sets, tables of one's own, splitting and standardising.

In come names, seeds and files. Out go data sets: arrays of inputs and targets, with the names of columns and classes.
It knows nothing of networks.
"""

from nn.data.dataset import Dataset, Floats, Standardizer
from nn.data.real import digits, iris
from nn.data.tables import read_csv, read_inputs, read_table
from nn.data.toys import blobs, circles, moons, spirals, xor

__all__ = [
    "REAL",
    "TOYS",
    "Dataset",
    "Floats",
    "Standardizer",
    "blobs",
    "circles",
    "digits",
    "iris",
    "moons",
    "read_csv",
    "read_inputs",
    "read_table",
    "spirals",
    "xor",
]

TOYS = {make.__name__: make for make in (moons, circles, spirals, xor, blobs)}
REAL = {load.__name__: load for load in (iris, digits)}
