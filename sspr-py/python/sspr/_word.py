"""Words: enumerations that behave like strings."""

from enum import Enum


class Word(str, Enum):
    """A word of a fixed list. It equals its text, and prints, formats and sorts like it."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, form: str) -> str:
        return str.__format__(self, form)
