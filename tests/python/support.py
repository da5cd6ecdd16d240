"""What the tests share."""

import json
import os
import pathlib
from datetime import datetime, timezone

REPOSITORY = pathlib.Path(os.environ["SSPR_REPOSITORY"]).resolve()
# The path as the driver gives it, which the reports of Rust repeat.
EXAMPLES = os.environ["SSPR_REPOSITORY"] + "/examples"
REPORTS = pathlib.Path(os.environ["SSPR_REPORTS"])
AS_OF = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)

BLADE = {
    "objectId": "default",
    "enablementType": 0,
    "passwordResetEnabledGroupIds": [],
    "numberOfAuthenticationMethodsRequired": 2,
    "emailOptionEnabled": True,
    "mobilePhoneOptionEnabled": True,
}


def time(text):
    """An aware time from JSON."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def cases():
    """The shared cases, each with the report that Rust gives."""
    for number, case in enumerate(json.loads((REPORTS / "cases.json").read_text("utf-8"))):
        yield case, (REPORTS / f"{number}.json").read_text("utf-8")


def event(number, second=0, text="", provider="PasswordResetService", record=1):
    """An event as `wevtutil` prints it."""
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name='{provider}'/><EventID Qualifiers='0'>{number}</EventID><Level>4</Level>"
        f"<TimeCreated SystemTime='2026-11-20T08:{second // 60 % 60:02}:{second % 60:02}.0000000Z'/>"
        f"<EventRecordID>{record}</EventRecordID><Channel>Application</Channel>"
        f"<Computer>AADC01.contoso.com</Computer></System><EventData><Data>{text}</Data></EventData>"
        "</Event>"
    )


TRACKING = "TrackingId: 11111111-2222-3333-4444-555555555555, "
DENIED = (
    TRACKING + "Reason: Synchronization Engine returned an error hr=80230626, message=Denied., "
    "Context: UserPrincipalName: jdoe@contoso.com, Details: x"
)


def log():
    """A reset that worked and one that was denied."""
    return "".join(
        [
            event(31001, 0, TRACKING + "PasswordResetRequestStart, Details: jdoe@contoso.com"),
            event(
                31002,
                1,
                TRACKING + "PasswordResetSuccess, Details: Context: UserPrincipalName: "
                "jdoe@contoso.com",
                record=2,
            ),
            event(33004, 120, DENIED.replace("1111-2222", "9999-2222"), record=3),
        ]
    ).encode()
