"""pyarrow and polars read events, audit records and operations of logs through Arrow."""

import polars
import pyarrow
from sspr import events, roundtrip, snapshot

EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='PasswordResetService'/><EventID>{id}</EventID>"
    "<TimeCreated SystemTime='2026-11-20T08:00:0{second}Z'/><EventRecordID>{second}</EventRecordID>"
    "<Computer>AADC01.contoso.com</Computer></System><EventData><Data>TrackingId: "
    "11111111-2222-3333-4444-555555555555, {text}</Data></EventData></Event>"
)
LOG = (
    EVENT.format(id=31001, second=1, text="PasswordResetRequestStart, Details: jdoe@contoso.com")
    + EVENT.format(
        id=31002,
        second=2,
        text="PasswordResetSuccess, Details: Context: UserPrincipalName: jdoe@contoso.com",
    )
).encode()


class File:
    """A file object, which needs the interpreter while others read the table."""

    def __init__(self):
        self.left = LOG

    def read(self, size):
        data, self.left = self.left[:size], self.left[size:]
        return data


for source in (lambda: ("log.xml", LOG), File):
    table = pyarrow.table(events.read(source()))
    assert table.column("id").to_pylist() == [31001, 31002], table
    assert table.column("user").to_pylist()[1] == "jdoe@contoso.com"
    frame = polars.DataFrame(events.read(source()))
    assert frame["id"].to_list() == [31001, 31002], frame
    frame = polars.DataFrame(roundtrip.operations(source()))
    assert frame["outcome"].to_list() == ["written"], frame
    assert pyarrow.table(roundtrip.operations(source())).num_rows == 1

RECORD = (
    b'{"activityDisplayName": "Reset password (self-service)", "result": "success",'
    b' "loggedByService": "Self-service Password Management",'
    b' "activityDateTime": "2026-11-20T08:00:03Z",'
    b' "targetResources": [{"type": "User", "userPrincipalName": "jdoe@contoso.com"}]}'
)
frame = polars.DataFrame(events.read_audit(("audit.json", RECORD)))
assert frame["target"].to_list() == ["jdoe@contoso.com"], frame
read = snapshot.read_operations([("log.xml", LOG), ("audit.json", RECORD)])
for _ in range(2):
    assert pyarrow.table(read).column("events").to_pylist() == [3], read
print("pyarrow and polars read events, audit records and operations")
