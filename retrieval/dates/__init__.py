"""Dates: what a text says of days, months, years and periods, in Chinese and English.

`date_terms` and `published_terms` are for passages, `question_dates` is for questions.
"""

from __future__ import annotations

from retrieval.dates.expressions import DateExpression
from retrieval.dates.passages import date_terms, published_terms
from retrieval.dates.questions import QuestionDates, TimeRelation, question_dates
from retrieval.dates.ranges import DateRange, Precision

__all__ = [
    "DateExpression",
    "DateRange",
    "Precision",
    "QuestionDates",
    "TimeRelation",
    "date_terms",
    "published_terms",
    "question_dates",
]
