"""What a process that builds one site again and again keeps from one build to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Memory:
    """Values of the last build, by name. A build with an empty memory is like one with none, but for its time.

    `kept` is a memo with one place: it stands as long as what it was made of does. What is the same is so given on as
    the same object, and comparing it costs nothing. `held` is a value that the cache holds too: a build that finds it
    here need not read it. Nothing here is ever changed in place.
    """

    remembers = True

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, Any]] = {}
        self._held: dict[str, Any] = {}
        self.changed: frozenset[str] | None = None
        """The only paths, from the root of the site, at which files may have changed since they were last looked at;
        None: any."""

    def kept(self, name: str, of: object, make: Callable[[], T]) -> T:
        """What `make` gave when it was last called for a value `of` that is equal to this one, else what it gives."""
        if name not in self._kept or self._kept[name][0] != of:
            self._kept[name] = (of, make())
        return cast("T", self._kept[name][1])

    def same(self, name: str, value: T) -> T:
        """The value kept under the name where it is equal to this one, else this one."""
        return self.kept(name, value, lambda: value)

    def drop(self, *names: str) -> None:
        """Lets go of what is kept under some names: what it was made of has changed in a way that no key tells."""
        for name in names:
            self._kept.pop(name, None)

    def held(self, name: str, read: Callable[[], T]) -> T:
        """What is held under the name, else what `read` gives."""
        if name not in self._held:
            self._held[name] = read()
        return cast("T", self._held[name])

    def hold(self, name: str, value: object) -> None:
        self._held[name] = value

    def clear(self) -> None:
        """Forgets all: the next build reads everything again."""
        self._kept.clear()
        self._held.clear()
        self.changed = None

    def told(self, paths: Iterable[str] | None) -> None:
        """Notes that files at these paths, too, may have changed; None: any."""
        self.changed = None if paths is None or self.changed is None else self.changed.union(paths)

    def looked(self) -> None:
        """Notes that files are known as they are now."""
        self.changed = frozenset()


class Forgetful(Memory):
    """The memory of a process that builds once: it keeps nothing that nobody will ask for again."""

    remembers = False

    def kept(self, name: str, of: object, make: Callable[[], T]) -> T:
        return make()

    def held(self, name: str, read: Callable[[], T]) -> T:
        return read()

    def hold(self, name: str, value: object) -> None:
        pass
