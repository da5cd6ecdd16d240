"""Reading a tenant through Microsoft Graph, and writing what was read as evidence.

``collect`` waits; ``collect_async`` is the same for programs that run on asyncio. Nothing here can
change a tenant: only GET, and batches of GETs, exist.
"""

from __future__ import annotations

from ._sspr.graph import (
    Bounds,
    Client,
    Collected,
    DevicePrompt,
    Elsewhere,
    PlannedRequest,
    Rates,
    SignIn,
    collect,
    elsewhere,
    plan,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import Any

    from .evidence import Progress

__all__ = [
    "Bounds",
    "Client",
    "Collected",
    "DevicePrompt",
    "Elsewhere",
    "PlannedRequest",
    "Rates",
    "SignIn",
    "collect",
    "collect_async",
    "elsewhere",
    "plan",
]


async def collect_async(
    folder: str | os.PathLike[str],
    sign_in: SignIn,
    *,
    progress: Callable[[Progress], object] | None = None,
    **options: Any,
) -> Collected:
    """``collect`` on a thread of its own, with the same options.

    ``progress``, and the functions of ``sign_in``, are called on the thread that works. Where the task
    is cancelled the run is stopped, and it can be resumed.
    """
    import asyncio
    import threading

    stopped = threading.Event()

    def hear(step: Progress) -> None:
        if stopped.is_set():
            raise _Stopped
        if progress is not None:
            progress(step)

    work = asyncio.get_running_loop().run_in_executor(
        None, lambda: collect(folder, sign_in, progress=hear, **options)
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        stopped.set()
        # The thread ends at its next word of progress, within a moment.
        await asyncio.wait([work])
        if not work.cancelled():
            work.exception()
        raise


class _Stopped(Exception):
    """The task was cancelled."""
