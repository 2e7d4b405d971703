"""What every part of the read API shares: the token's door, strict questions, pages, errors, and its description."""

from .asking import DAY, KnownValue, ListQuestion, Question
from .description import Problem, only_the_read_api
from .problems import PROBLEM_JSON, no_such_address, problem
from .views import ReadEndpoint, ReadView

__all__ = [
    "DAY",
    "PROBLEM_JSON",
    "KnownValue",
    "ListQuestion",
    "Problem",
    "Question",
    "ReadEndpoint",
    "ReadView",
    "no_such_address",
    "only_the_read_api",
    "problem",
]
