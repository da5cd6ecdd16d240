"""The one family of exceptions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class SsprError(Exception):
    """Anything that this package refuses or cannot do.

    ``code`` is a short name for programs, ``place`` says where in the input, and ``help`` what to
    try next; the last two are ``None`` where there is nothing to say.
    """

    code: str
    place: str | None
    help: str | None

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "unknown",
        place: str | None = None,
        help: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.place = place
        self.help = help

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (type(self), str(self), dict(self.__dict__)))


def _again(kind: type[SsprError], message: str, state: dict[str, Any]) -> SsprError:
    error = kind(message)
    error.__dict__.update(state)
    return error


class InputError(SsprError, ValueError):
    """An input, or a value of an argument, that cannot be used.

    ``code`` is one of ``encoding``, ``syntax``, ``value``, ``range``, ``truncated``, ``checksum``,
    ``limit``, ``unsafePath``, ``unrecognised`` and ``unsupported``.
    """


class PolicyError(InputError):
    """A draft that makes no sense. ``faults`` lists all that is wrong with it, at once."""

    faults: Sequence[Any]

    def __init__(self, message: str = "", *, faults: Sequence[Any] = (), **said: Any) -> None:
        super().__init__(message, **said)
        self.faults = list(faults)


class SourceError(SsprError, OSError):
    """A file or file object that could not be opened or read. ``code`` is ``io``.

    What a file object raised is its ``__cause__``.
    """


class Cancelled(SsprError):
    """The work was stopped. ``code`` is ``cancelled``."""


class InternalError(SsprError):
    """A defect of this package. ``code`` is ``internal``."""
