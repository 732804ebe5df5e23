"""How broadly a subscription takes what it asks for."""

from enum import StrEnum


class Breadth(StrEnum):
    """How well a passage must fit a followed question for its readers to hear of it."""

    STRICT = "strict"  # it would be shown as an answer
    BROAD = "broad"  # it is about the same thing
