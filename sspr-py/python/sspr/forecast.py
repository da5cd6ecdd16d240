"""What will become of one password of one person."""

from ._sspr.forecast import (
    Open,
    OperationForecast,
    PolicyUsed,
    Prediction,
    Reason,
    SideForecast,
    predict,
)
from ._word import Word

__all__ = [
    "Answer",
    "Managed",
    "Open",
    "OperationForecast",
    "PolicyUsed",
    "Prediction",
    "Reason",
    "SideForecast",
    "predict",
]


class Answer(Word):
    """What will become of a password."""

    ACCEPTED = "accepted"
    """It is taken, as far as can be told from outside; what cannot is named beside it."""
    UNKNOWN = "unknown"
    """Something that evidence can settle is not known."""
    REFUSED = "refused"
    """It is refused."""


class Managed(Word):
    """Where a person's password is managed."""

    ON_PREMISES = "onPremises"
    """In Active Directory: the cloud hands every new password over."""
    CLOUD = "cloud"
    """In the cloud alone."""
    UNKNOWN = "unknown"
    """The evidence does not tell."""
