"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Mapping, Optional

from .errors import AINexLayerError, APIConnectionError

DECLINED = frozenset({429, 503})
"""The server says that it has not done it: always safe to send again."""
LOST = frozenset({502, 504})
"""Something in between gave up, and what happened behind it is unknown."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how patiently failed requests are repeated.

    Attributes:
        max_retries: attempts after the first; 0 for none.
        base_delay: seconds; the most that the first wait takes, doubled for each further one.
        max_delay: seconds that no wait of our own making exceeds.
        max_retry_after: seconds; a server that wants more patience than this gets no second request.
    """

    max_retries: int = 3
    base_delay: float = 0.5
    max_delay: float = 8.0
    max_retry_after: float = 60.0

    def delay(self, error: AINexLayerError, attempt: int, repeatable: bool) -> Optional[float]:
        """Seconds until the next attempt, or None when there must be none.

        ``attempt`` counts from 0. ``repeatable``: doing it twice is as good as doing it once.
        """
        if attempt >= self.max_retries or not self._is_worth_it(error, repeatable):
            return None
        # Full jitter over the upper half, so that clients that failed together do not return together.
        longest: float = min(self.max_delay, self.base_delay * 2**attempt)
        backoff = longest * random.uniform(0.5, 1)
        if error.retry_after is None:
            return backoff
        if error.retry_after > self.max_retry_after:
            return None
        return error.retry_after + backoff * 0.1 if error.retry_after > 0 else backoff

    @staticmethod
    def _is_worth_it(error: AINexLayerError, repeatable: bool) -> bool:
        if isinstance(error, APIConnectionError):
            return repeatable
        if error.status in DECLINED:
            return True
        # 409 with Retry-After: the first request with this idempotency key is still being worked on.
        in_work = error.status == 409 and error.retry_after is not None
        return repeatable and (error.status in LOST or in_work)


def retry_after(headers: Mapping[str, str]) -> Optional[float]:
    """``Retry-After`` in seconds (RFC 9110 section 10.2.3): a number, or a date."""
    value = headers.get("retry-after")
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
