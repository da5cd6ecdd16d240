"""Lists who lacks a licence for a reset that is written back: python unlicensed_people.py EVIDENCE"""

import sys

from sspr.licensing import Licensed, Operation
from sspr.snapshot import Snapshot


def main(evidence: str) -> None:
    snapshot = Snapshot.read([evidence])
    for person in snapshot.people:
        if not (person.enabled and person.synced):
            continue
        answer = person.entitlement(Operation.RESET)
        if answer is not None and answer.licensed is Licensed.NO:
            print(f"{person.upn}: {answer.cause}")


if __name__ == "__main__":
    main(sys.argv[1])
