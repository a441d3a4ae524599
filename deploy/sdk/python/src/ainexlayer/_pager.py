"""Listings: all items, loaded as needed, or page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Generic, Iterator, List, Optional, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a listing."""

    items: List[T]
    page: int
    """1 for the first."""
    limit: int
    total: int
    """How many items all pages have."""
    total_pages: int
    has_next: bool
    has_prev: bool


class Pager(Generic[T]):
    """A listing. It loads each page only when you need it.

    Pages are numbered, so deleting items while you iterate skips others. Collect them first::

        for document in list(client.documents.list(workspace.id)):
            client.documents.delete(workspace.id, document.id)
    """

    def __init__(self, fetch: Callable[[int], Page[T]], first: Optional[int] = None) -> None:
        self._fetch = fetch
        self._first = first or 1

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[T]]:
        """The pages, with one request for each."""
        number = self._first
        while True:
            page = self._fetch(number)
            yield page
            if not page.has_next or not page.items:
                return
            number += 1

    def page(self, number: Optional[int] = None) -> Page[T]:
        """One page, by default the first. It also has the ``total``."""
        return self._fetch(number or self._first)
