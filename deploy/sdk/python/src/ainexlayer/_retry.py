"""When to repeat a request, and how long to wait before that."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Mapping, Optional

from .errors import AINexLayerError, APIConnectionError

DECLINED = frozenset({429, 503})
"""The server did nothing, so a retry is always safe."""
LOST = frozenset({502, 504})
"""A gateway gave up, and the outcome is unknown."""
REJECTED = "LLM_REJECTED"
"""The provider of the language model would reject the request again."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often the client repeats failed requests, and how long it waits.

    Attributes:
        max_retries: attempts after the first; 0 for none.
        base_delay: the longest first wait in seconds, which doubles for each further one.
        max_delay: the longest wait in seconds that the client chooses.
        max_retry_after: the longest wait in seconds that a server may ask for; beyond it the client gives up.
    """

    max_retries: int = 3
    base_delay: float = 0.5
    max_delay: float = 8.0
    max_retry_after: float = 60.0

    def delay(self, error: AINexLayerError, attempt: int, repeatable: bool) -> Optional[float]:
        """Seconds until the next attempt, or None if there must not be one.

        ``attempt`` counts from 0. ``repeatable``: doing it twice has the same effect as doing it once.
        """
        if attempt >= self.max_retries or not self._is_worth_it(error, repeatable):
            return None
        # Random over the upper half, so that clients that failed at the same time do not retry at the same time.
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
        # 409 with Retry-After: the first request with this idempotency key is still in progress.
        in_work = error.status == 409 and error.retry_after is not None
        is_lost = error.status in LOST and error.code != REJECTED
        return repeatable and (is_lost or in_work)


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
