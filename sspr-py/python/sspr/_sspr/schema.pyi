"""
The JSON Schemas of what this package writes.
"""

__all__ = ["schema"]

def schema(name: str) -> str:
    """
    The JSON Schema (draft 2020-12) of a form of this package, as text: `report`.
    """
