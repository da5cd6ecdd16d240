"""``python -m sspr`` is the command ``sspr``."""

from ._command import console

if __name__ == "__main__":
    console()
