"""Lays out code in lines that are not too long."""

from __future__ import annotations

import textwrap

WIDTH = 118


def fill(items: list[str], indent: int, last: str = "") -> str:
    """The items with commas between them, as many on a line as fit.

    - last: what follows the last item.
    """
    space = " " * indent
    lines, line = [], ""
    for number, item in enumerate(items):
        part = item + ("," if number + 1 < len(items) else last)
        if line and len(space) + len(line) + 1 + len(part) > WIDTH:
            lines.append(line)
            line = part
        else:
            line = f"{line} {part}" if line else part
    return "\n".join(space + each for each in [*lines, line])


def signature(start: str, items: list[str], end: str, indent: int) -> str:
    """A head with parameters. Where it is too long, the parameters stand in lines of their own, with a last comma."""
    space = " " * indent
    line = f"{space}{start}({', '.join(items)}){end}"
    return line if len(line) <= WIDTH else f"{space}{start}(\n{fill(items, indent + 4, ',')}\n{space}){end}"


def call(start: str, items: list[str], end: str, indent: int) -> str:
    """A call; the bracket that closes it follows the last argument."""
    line = f"{' ' * indent}{start}({', '.join(items)}){end}"
    return line if len(line) <= WIDTH else f"{' ' * indent}{start}(\n{fill(items, indent + 4)}){end}"


def prose(text: str, indent: int, used: int = 0) -> str:
    """Text in lines; the first has no indentation.

    - used: how much of the first line is taken, beyond the indentation.
    """
    return textwrap.fill(
        text, WIDTH, initial_indent=" " * (indent + used), subsequent_indent=" " * indent, break_long_words=False,
        break_on_hyphens=False).lstrip()
