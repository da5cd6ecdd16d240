"""Types of arguments. Nothing here exists when a program runs."""

import os
from typing import Protocol, Tuple, Union


class Readable(Protocol):
    """A binary file object, as far as it is used."""

    def read(self, size: int, /) -> bytes: ...


Source = Union[str, "os.PathLike[str]", Tuple[str, bytes], Readable]
