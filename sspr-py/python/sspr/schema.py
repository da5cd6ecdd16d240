"""The JSON Schemas of what this package writes."""

from ._sspr.schema import (
    schema,
)

__all__ = [
    "schema",
]
