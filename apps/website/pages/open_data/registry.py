"""All datasets of a campaign, in the order in which pages list them."""

from .evidence import FACTS, POINTS, SOURCES
from .figures import COUNTRIES, LETTERS, POSITIONS

DATASETS = {dataset.key: dataset for dataset in (LETTERS, COUNTRIES, POINTS, FACTS, SOURCES, POSITIONS)}
