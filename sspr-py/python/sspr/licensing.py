"""Which product grants which right, and what a person is entitled to."""

from ._sspr.licensing import (
    Cause,
    CompanySubscription,
    Entitlement,
    PrepaidUnits,
    Product,
    ServicePlan,
    SubscribedSku,
    entitlement,
    find_products,
    parse_subscribed_skus,
    parse_subscriptions,
    product,
)
from ._word import Word

__all__ = [
    "Availability",
    "Cause",
    "Certainty",
    "CompanySubscription",
    "Entitlement",
    "EntraPlan",
    "Ground",
    "Identity",
    "Licensed",
    "Need",
    "Operation",
    "PrepaidUnits",
    "Product",
    "ServicePlan",
    "SubscribedSku",
    "entitlement",
    "find_products",
    "parse_subscribed_skus",
    "parse_subscriptions",
    "product",
]


class Certainty(Word):
    """How sure a right is."""

    GRANTED = "granted"
    """Microsoft's pages state it."""
    HISTORICAL = "historical"
    """Microsoft's older pages stated it of a product that is retired."""
    AMBIGUOUS = "ambiguous"
    """Microsoft's pages disagree or are silent."""


class Identity(Word):
    """Where a person's password is managed."""

    CLOUD_ONLY = "cloudOnly"
    """In Entra ID."""
    SYNCED = "synced"
    """In Active Directory, synchronised to Entra ID."""


class Operation(Word):
    """What a person wants to do in the cloud."""

    CHANGE = "change"
    """Set a new password, knowing the old one."""
    RESET = "reset"
    """Set a new password, having forgotten the old one."""
    UNLOCK = "unlock"
    """Unlock the account and keep the password."""


class Need(Word):
    """The right that an operation takes."""

    NOTHING = "nothing"
    """None: a cloud-only person may change a known password with the free edition."""
    CLOUD_RESET = "cloudReset"
    """To reset the password of a cloud-only account."""
    WRITEBACK = "writeback"
    """To write back to Active Directory."""


class Licensed(Word):
    """Whether a person may use an operation by the terms of the licences."""

    YES = "yes"
    """A licence grants it, or none is needed."""
    NO = "no"
    """No licence grants it."""
    AMBIGUOUS = "ambiguous"
    """Microsoft's pages disagree about the person's product, or the product is not
    known here."""


class Availability(Word):
    """Whether the tenant owns what switches the operation on. It is a question of the
    tenant: Entra does not enforce the licence of each person."""

    YES = "yes"
    """A usable product of the tenant grants it."""
    NO = "no"
    """None does."""
    UNKNOWN = "unknown"
    """What the tenant owns was not collected, or is ambiguous."""


class Ground(Word):
    """What speaks for a product's right to reset or write back."""

    ENTRA_PREMIUM = "entraPremium"
    """It holds Entra ID P1 or P2."""
    BUSINESS_STANDARD = "businessStandard"
    """Microsoft 365 Business Standard, which the licensing page names. No plan shows
    this right."""
    ENTRA_BASIC = "entraBasic"
    """It holds Entra ID Basic, which is retired."""
    OFFICE365 = "office365"
    """A paid Office 365 suite without an Entra plan: an older wording named "any paid
    Office 365 SKU", the present one does not."""
    ENTRA_BASIC_EDU = "entraBasicEdu"
    """It holds Entra ID Basic for Education, of which no statement is known."""
    BUSINESS_BASIC = "businessBasic"
    """Microsoft 365 Business Basic, which the page's "Business Standard or higher"
    leaves out."""
    OFFICE_APPS = "officeApps"
    """Microsoft 365 Apps alone."""
    ENTRA_SMALL_BUSINESS = "entraSmallBusiness"
    """It holds ``AAD_SMB`` without P1."""
    ENTRA_EDU = "entraEdu"
    """It holds ``AAD_EDU`` alone, whose meaning is not documented."""


class EntraPlan(Word):
    """A service plan of Entra ID."""

    PREMIUM = "premium"
    """Entra ID P1."""
    PREMIUM_P2 = "premiumP2"
    """Entra ID P2."""
    BASIC = "basic"
    """Entra ID Basic, retired."""
    BASIC_EDU = "basicEdu"
    """Entra ID Basic for Education."""
    SMALL_BUSINESS = "smallBusiness"
    """In the Business Premium suites beside P1. Alone it grants nothing."""
    EDU = "edu"
    """Meaning not documented."""
