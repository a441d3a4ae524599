"""Documents whose passages can be told apart, and from those of all other documents."""

from __future__ import annotations

import random
import re

from documents import WORDS
from journal import State

UNIQUE = re.compile(r"\bzq[b-z]{7}x\b")


def unique_word(rng: random.Random) -> str:
    return "zq" + "".join(rng.choices("bcdfghjkmnpqrtvw", k=7)) + "x"


def name_word(name: str) -> str:
    """The part of a document's name that changes."""
    return name.split()[1].removesuffix(".md")


class Document:
    """Sections that become one passage each, with a word that is only there."""

    def __init__(self, rng: random.Random, passages: int) -> None:
        self.label, self.id, self.state = unique_word(rng), "", State.MAYBE
        self.words = [unique_word(rng) for _ in range(passages)]
        # What it may be called, after renamings that nobody answered; and what it no longer is.
        self.names, self.former = [self.named(rng)], []
        self.text = "\n\n".join(
            f"## Part {number}\n\nHere is {word}, and {' '.join(rng.choices(WORDS, k=60))}."
            for number, word in enumerate(self.words))

    def named(self, rng: random.Random) -> str:
        """A name for it, by which it is known in lists, and another word in it."""
        return f"{self.label} {unique_word(rng)}.md"
