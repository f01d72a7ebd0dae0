"""Work on other machines, by any executor: a chunk carries its bytes and brings bytes back."""

from __future__ import annotations

import contextlib
import importlib
import pickle
import threading
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Any, Final, TypeVar

from newsgen.diagnostics import Place, Refused, error
from newsgen.engine.pool import Remote, ordered
from newsgen.engine.toolchain import toolchain

A = TypeVar("A")
B = TypeVar("B")

PATIENCE: Final = 5  # seconds for a scheduler to answer, for its first worker, and between looks whether it is there

Answer = tuple[str, Any, Exception | None]
"""A worker's toolchain, what came of a chunk, and what was raised instead."""


def remotely(remote: Remote, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
    """What `function` makes of the items, in their order, by workers that share nothing with this process but newsgen.

    Raises what `function` raises, and Refused where the executor fails or a worker's toolchain is not ours.
    """

    def submit(item: A) -> Future[Answer]:
        parcel = pickle.dumps((function, item))
        with _executor_may_fail():
            return remote.executor.submit(_answer, toolchain(), parcel)

    for one in ordered(submit, items, remote.workers):
        with _executor_may_fail():
            theirs, made, failure = _awaited(one, remote)
        if theirs != toolchain():
            help = "Install there what is installed here, and start the workers again."
            raise _refused("a worker has another version of newsgen, of Python or of a library", help)
        if failure:
            raise failure
        yield made


def _awaited(future: Future[Answer], remote: Remote) -> Answer:
    """The result of a future. Raises what the executor raises, and ConnectionError where it can answer no more."""
    while not wait([future], PATIENCE).done:
        if not remote.is_alive():  # Dask leaves futures open when its scheduler ends in good order
            raise ConnectionError("the scheduler is gone")
    return future.result()


_one_at_a_time = threading.Lock()  # a worker may have threads, and a renderer keeps state


def _answer(asked: str, parcel: bytes) -> Answer:
    """What came of a parcel. Only the newsgen that packed it unpacks it: another would make other bytes, or fail."""
    if toolchain() != asked:
        return toolchain(), None, None
    with _one_at_a_time:
        try:
            function, item = pickle.loads(parcel)  # noqa: S301 - whoever reaches a worker can run code there as it is
            return asked, function(item), None
        except Exception as failure:  # so all else that a future raises is the executor's
            failure.add_note(traceback.format_exc())
            return asked, None, failure


@contextlib.contextmanager
def _executor_may_fail() -> Generator[None, None, None]:
    try:
        yield
    except Exception as failure:  # whatever an executor can raise
        why = " ".join([type(failure).__name__, *str(failure).split()])
        raise _refused(f"the workers cannot go on: {why}", "See what they and their scheduler say.") from failure


def _refused(message: str, help: str) -> Refused:
    return Refused(error("NG-605", Place("--executor"), message, help))


@contextlib.contextmanager
def dask(where: str) -> Generator[Remote, None, None]:
    """The workers of the Dask scheduler at dask://HOST:PORT."""
    try:
        settings: Any = importlib.import_module("dask.config")
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        help = "Install it: pip install 'newsgen[dask]', here and where the scheduler and the workers run."
        raise _refused("Dask is not installed", help) from None
    address = where.replace("dask://", "tcp://", 1)
    with contextlib.ExitStack() as stack:
        try:
            client = stack.enter_context(distributed.Client(address, timeout=PATIENCE, set_as_default=False))
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError) as failure:
            help = "Start the scheduler and its workers first, or leave --executor out."
            raise _refused(f"no Dask scheduler with workers answers at {where}: {failure}", help) from None
        stack.enter_context(settings.set({"distributed.admin.large-graph-warning-threshold": "1 GB"}))
        workers = sum(client.ncores().values()) or 1
        yield Remote(client.get_executor(pure=False), workers, lambda: _is_connected(client))


def _is_connected(client: Any) -> bool:
    link = client.scheduler_comm
    return client.status == "running" and link is not None and not link.closed()
