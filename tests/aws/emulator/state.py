"""The state that the emulator keeps for services which moto lacks, per service, account and Region."""

import threading
from collections import defaultdict
from typing import Any


class Store:
    """Documents of one service in one account and Region, by kind and identifier."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, Any]] = defaultdict(dict)

    def __getattr__(self, kind: str) -> dict[str, Any]:
        if kind.startswith("_"):
            raise AttributeError(kind)
        return self._kinds[kind]


_stores: dict[tuple[str, str, str], Store] = {}
_lock = threading.RLock()


def store(service: str, account: str, region: str) -> Store:
    """The documents of a service; created empty on first use."""
    with _lock:
        return _stores.setdefault((service, account, region), Store())


def stores(service: str) -> list[tuple[str, str, Store]]:
    """Every account and Region in which the service holds documents."""
    with _lock:
        return [(key[1], key[2], found) for key, found in _stores.items() if key[0] == service]


def reset() -> None:
    """Forget everything, as if the server had just started."""
    with _lock:
        _stores.clear()
