"""Explains a reset that was denied, from a log: python denied_reset.py LOG UPN"""

import sys

from sspr import explain, roundtrip
from sspr.roundtrip import Outcome


def main(log: str, upn: str) -> None:
    for operation in roundtrip.operations(log):
        user = operation.person.user
        if user is None or user.lower() != upn.lower():
            continue
        if operation.outcome not in (Outcome.FAILED, Outcome.REFUSED):
            continue
        print(f"{operation.time}: {operation.kind} {operation.outcome}")
        if operation.cause is not None:
            print(f"  {operation.cause.cause}\n  {operation.cause.remedy}")
        decisive = operation.decisive
        if decisive is not None and decisive.event is not None:
            print(f"  rules: {', '.join(explain.explain(str(decisive.event)).topics[0].rules)}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
