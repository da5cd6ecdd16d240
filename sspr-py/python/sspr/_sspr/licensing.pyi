"""
Which product grants which right, and what a person is entitled to.
"""

from datetime import datetime
from sspr.licensing import Availability, EntraPlan, Ground, Licensed, Operation
from typing import Any, final

__all__ = ["Cause", "CompanySubscription", "Entitlement", "PrepaidUnits", "Product", "ServicePlan", "SubscribedSku", "entitlement", "find_products", "parse_subscribed_skus", "parse_subscriptions", "product"]

@final
class Cause:
    """
    The nearest cause of an answer.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str:
        """
        It in words.
        """
    @property
    def error(self, /) -> str | None:
        """
        The error that Graph names.
        """
    @staticmethod
    def from_json(text: str) -> Cause:
        """
        Reads what `to_json` wrote.
        """
    @property
    def group(self, /) -> str | None:
        """
        The id of the group that assigns it.
        """
    @property
    def kind(self, /) -> str:
        """
        Which cause, such as `noLicence` or `planDisabled`.
        """
    @property
    def product(self, /) -> str | None:
        """
        The id of the product that it is about.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class CompanySubscription:
    """
    A commercial subscription (`directory/subscriptions`), the only place that tells trials and ends.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> CompanySubscription:
        """
        Reads what `to_json` wrote.
        """
    @property
    def next_lifecycle(self, /) -> datetime | None:
        """
        When its state changes next.
        """
    @property
    def part_number(self, /) -> str:
        """
        Such as `ENTERPRISEPACK`.
        """
    @property
    def sku_id(self, /) -> str:
        """
        The product's id.
        """
    @property
    def status(self, /) -> str:
        """
        The state of the subscription.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def total(self, /) -> int | None:
        """
        Units.
        """
    @property
    def trial(self, /) -> bool:
        """
        Whether it is a trial.
        """

@final
class Entitlement:
    """
    The two answers about a person and an operation. They are never merged: without a licence an
    operation may work and still be a matter of compliance.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def cause(self, /) -> Cause:
        """
        The nearest cause of the first answer.
        """
    @property
    def derived(self, /) -> bool:
        """
        Whether the first answer was derived from assignments and the tenant's products, as
        `assignedPlans` were not collected.
        """
    @staticmethod
    def from_json(text: str) -> Entitlement:
        """
        Reads what `to_json` wrote.
        """
    @property
    def licensed(self, /) -> Licensed | None:
        """
        Whether the person is licensed; `None` when the evidence cannot tell.
        """
    @property
    def technically_available(self, /) -> Availability:
        """
        Whether the tenant makes it available.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

@final
class PrepaidUnits:
    """
    Units of a subscription by state.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def enabled(self, /) -> int:
        """
        Paid now.
        """
    @staticmethod
    def from_json(text: str) -> PrepaidUnits:
        """
        Reads what `to_json` wrote.
        """
    @property
    def locked_out(self, /) -> int | None:
        """
        Cancelled; absent in some clouds.
        """
    @property
    def suspended(self, /) -> int:
        """
        Cancelled, can be revived.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def warning(self, /) -> int:
        """
        Expired, in grace.
        """

@final
class Product:
    """
    A product that can be bought.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def for_devices(self, /) -> bool:
        """
        Meant for rooms or shared devices.
        """
    @property
    def ground(self, /) -> Ground | None:
        """
        What speaks for a right to reset or write back; `None` when nothing does.
        """
    @property
    def id(self, /) -> str:
        """
        Its id (`skuId`), the only key.
        """
    @property
    def name(self, /) -> str:
        """
        What it is called.
        """
    @property
    def other_names(self, /) -> list[str]:
        """
        Other names of it in the same table.
        """
    @property
    def part_number(self, /) -> str:
        """
        Its part number (`skuPartNumber`), such as `ENTERPRISEPACK`. Not unique.
        """
    @property
    def plans(self, /) -> list[EntraPlan]:
        """
        The Entra ID plans it holds.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class ServicePlan:
    """
    A plan inside a product.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_json(text: str) -> ServicePlan:
        """
        Reads what `to_json` wrote.
        """
    @property
    def id(self, /) -> str:
        """
        The plan's id.
        """
    @property
    def name(self, /) -> str:
        """
        Such as `AAD_PREMIUM`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    @property
    def unavailable(self, /) -> bool:
        """
        Whether its provisioning is `Disabled` or in `Error`.
        """

@final
class SubscribedSku:
    """
    A product that the tenant owns (`subscribedSkus`).
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def consumed(self, /) -> int:
        """
        Units in use.
        """
    @property
    def for_users(self, /) -> bool:
        """
        Whether it is assigned to users, not to the company.
        """
    @staticmethod
    def from_json(text: str) -> SubscribedSku:
        """
        Reads what `to_json` wrote.
        """
    @property
    def grants_writeback(self, /) -> bool:
        """
        Whether it grants writeback.
        """
    @property
    def part_number(self, /) -> str:
        """
        Such as `ENTERPRISEPACK`. Never a key: part numbers are not unique.
        """
    @property
    def plans(self, /) -> list[ServicePlan]:
        """
        Its plans.
        """
    @property
    def prepaid(self, /) -> PrepaidUnits:
        """
        Units owned.
        """
    @property
    def sku_id(self, /) -> str:
        """
        The product's id.
        """
    @property
    def status(self, /) -> str:
        """
        The state of the subscription.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """

def entitlement(user: str | bytes | dict[str, Any] | list[Any], skus: str | bytes | dict[str, Any] | list[Any] | None, *, operation: Operation | str = ..., subscriptions: str | bytes | dict[str, Any] | list[Any] | None = None) -> Entitlement | None:
    """
    Whether a user is licensed for an operation, and whether the tenant makes it available.

    `user`, `skus` and `subscriptions` are Graph's answers for a user with
    `onPremisesSyncEnabled`, `assignedPlans` and `licenseAssignmentStates`, for `subscribedSkus` and
    for `directory/subscriptions`: as text, bytes, or what Python's `json` made of them. `None` for
    `skus` says that they were not collected. The answer is `None` where it is not known whether the
    user is synchronised.
    """

def find_products(text: str) -> list[Product]:
    """
    Products whose id, part number or name a text is or names, the best first.
    """

def parse_subscribed_skus(json: str | bytes | dict[str, Any] | list[Any]) -> list[SubscribedSku]:
    """
    Reads Graph's `subscribedSkus`: a page, an array or one product.
    """

def parse_subscriptions(json: str | bytes | dict[str, Any] | list[Any]) -> list[CompanySubscription]:
    """
    Reads Graph's `directory/subscriptions`: a page, an array or one subscription.
    """

def product(id: str) -> Product | None:
    """
    The product of an id (`skuId`); `None` for one that the catalogue does not have.
    """
