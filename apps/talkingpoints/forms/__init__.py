"""Forms with which facts and points are written: what a person types, made into what the services take."""

from .facts import FactForm, NewFactForm
from .figures import FigureForm, FigureFormSet
from .points import NewPointForm, PointForm

__all__ = ["FactForm", "FigureForm", "FigureFormSet", "NewFactForm", "NewPointForm", "PointForm"]
