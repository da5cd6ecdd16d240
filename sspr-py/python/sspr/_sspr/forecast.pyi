"""
What will become of one password of one person.
"""

from .directory import PasswordPolicyDraft
from .snapshot import Snapshot
from _typeshed import SupportsGetItem
from datetime import datetime
from sspr.forecast import Answer, Managed
from typing import Any, SupportsIndex, final

__all__ = ["Open", "OperationForecast", "PolicyUsed", "Prediction", "Reason", "SideForecast", "predict"]

@final
class Open:
    """
    Something that is not known and could still refuse the password.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def fact(self, /) -> str:
        """
        The fact that is missing, such as `domain.minimumPasswordAge`.
        """
    @property
    def message(self, /) -> str:
        """
        What is not known, in a sentence.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class OperationForecast:
    """
    What will become of it in one operation.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def answer(self, /) -> Answer:
        """
        The answer of both sides together.
        """
    @property
    def cloud(self, /) -> SideForecast:
        """
        The cloud's answer.
        """
    @property
    def domain(self, /) -> SideForecast | None:
        """
        The domain's answer; none for a person of the cloud.
        """
    @property
    def first(self, /) -> Reason | None:
        """
        The reason that would be given: the cloud looks first, then the domain in its own order.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """

@final
class PolicyUsed:
    """
    The policy that an answer rests on.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def certain(self, /) -> bool:
        """
        Whether it is certain that it holds.
        """
    @property
    def name(self, /) -> str:
        """
        Its name: of the domain, or of the fine-grained policy.
        """
    @property
    def settings(self, /) -> PasswordPolicyDraft:
        """
        Its settings, as far as they are known.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def why(self, /) -> str:
        """
        Why it holds, or why that is not certain, in a sentence.
        """

@final
class Prediction:
    """
    What will become of one password of one person. The password is not in it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def as_of(self, /) -> datetime:
        """
        The time that the answer is for.
        """
    @property
    def change(self, /) -> OperationForecast:
        """
        A change of a password that is known.
        """
    @property
    def known(self, /) -> bool:
        """
        Whether the evidence knows the person.
        """
    @property
    def managed(self, /) -> Managed:
        """
        Where the password is managed.
        """
    @property
    def notes(self, /) -> list[str]:
        """
        What else is worth knowing of this account.
        """
    @property
    def policy(self, /) -> PolicyUsed | None:
        """
        The domain's policy that the answer rests on; none for a person of the cloud.
        """
    @property
    def reset(self, /) -> OperationForecast:
        """
        A reset of a forgotten password.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    def to_json(self, /) -> str:
        """
        As indented JSON, with a line feed at its end.
        """
    def to_text(self, /, *, width: SupportsIndex = 80, color: bool = False) -> str:
        """
        As text for a terminal.
        """
    @property
    def user(self, /) -> str:
        """
        The user principal name that was asked for.
        """

@final
class Reason:
    """
    One reason for a refusal. The candidate is not in it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """
        A short name, such as `tooShort`.
        """
    @property
    def event(self, /) -> int | None:
        """
        The event of the writeback service to expect, where the domain refuses.
        """
    @property
    def hresult(self, /) -> str | None:
        """
        The result code to expect with it, where one is known.
        """
    @property
    def logged(self, /) -> str | None:
        """
        The text that Windows logs with the result code, where one is known.
        """
    @property
    def message(self, /) -> str:
        """
        What stands against the password, in a sentence.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def user_sees(self, /) -> str:
        """
        What the person is told, in substance; Microsoft changes the words.
        """

@final
class SideForecast:
    """
    The answer of one side.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def answer(self, /) -> Answer:
        """
        The answer.
        """
    @property
    def reasons(self, /) -> list[Reason]:
        """
        Every reason to refuse, in the order in which that side looks.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        As plain data, with the names of the JSON form.
        """
    @property
    def unknown(self, /) -> list[Open]:
        """
        What is not known and could still refuse it.
        """
    @property
    def untold(self, /) -> list[str]:
        """
        What no evidence can tell.
        """

def predict(snapshot: Snapshot, upn: str, candidate: str, *, banned: SupportsGetItem[int, str] = ..., as_of: datetime) -> Prediction:
    """
    Says what will become of `candidate` if the person `upn` chooses it, in the cloud and in the
    domain, with every reason. `banned` are the tenant's own banned terms.

    The library wipes its copy of the candidate; Python's own string stays where it is until Python
    reuses its memory.
    """
