#!/usr/bin/env python3
"""Writes the tables of the analyser, from Python's unicodedata, into Shared/Language/Analysis/Tables.

They say of each scalar what it is to a word, its compatibility form (NFKC), and what it is folded to. They change only
with the rules below or with Unicode, so the build does not run this.
"""

import re
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "Shared" / "Language" / "Analysis" / "Tables"
HEAD = "// Made by deploy/scripts/generate_folding.py from Python's unicodedata.\n// swift-format-ignore-file\n\n"

BREAK, LETTER, UPPER, DIGIT, MARK, IGNORED, UNSPACED, EMOJI, SIGN = range(9)
COMPATIBLE = 16
"""A flag: the scalar has another form in NFKC."""

BLOCK = 64
END = 0x20000
"""Beyond are only ideographs, private use, tags and variation selectors, which the code knows."""

SIGNS = set("'\u2019.,:_-\u2010\u2011\u2212&+#/@\u2044\u00b7\u05f3\u05f4\u066b\u066c")

UNSPACED_RANGES = [
    (0x1100, 0x11FF), (0xA960, 0xA97C), (0xD7B0, 0xD7FB), (0xAC00, 0xD7A3),  # Hangul and its jamo
    (0x3005, 0x3007), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF),
    (0x3105, 0x312F), (0x3131, 0x318E), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9D), (0xFFA0, 0xFFDC), (0x1B000, 0x1B16F),
    (0x0E01, 0x0E33), (0x0E40, 0x0E46), (0x0E81, 0x0EB3), (0x0EBD, 0x0EC6), (0x0EDC, 0x0EDF),  # Thai, Lao
    (0x1000, 0x109F), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F), (0x1780, 0x17DC),  # Myanmar, Khmer
]

EMOJI_RANGES = """
231a-231b 23e9-23f3 23f8-23fa 2600-2604 260e 2614-2615 2618 261d 2620 2622-2623 2626 262a 262e-262f 2638-263a 2640 2642
2648-2653 265f-2660 2663 2665-2666 2668 267b 267e-267f 2692-2697 2699 269b-269c 26a0-26a1 26a7 26aa-26ab 26b0-26b1
26bd-26be 26c4-26c5 26c8 26ce-26cf 26d1 26d3-26d4 26e9-26ea 26f0-26f5 26f7-26fa 26fd 2702 2705 2708-270d 270f 2712 271d
2721 2728 2733-2734 2744 2747 274c 274e 2753-2755 2757 2763-2764 2795-2797 27b0 27bf 2b50 2b55 1f004 1f0cf 1f170-1f171
1f17e-1f17f 1f18e 1f191-1f19a 1f1e6-1f1ff 1f300-1fad6 1fae0-1faff
"""
"""Unicode's Emoji without shapes and arrows, which are the signs of lists."""

DROPPED_MARKS = [
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x08D3, 0x08FF), (0x093C, 0x093C), (0x1AB0, 0x1AFF),
    (0x1CD0, 0x1CF9), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
]
"""The marks of alphabets, which many texts omit. Those of other scripts are vowels."""

KEPT = set("йїў")
"""Letters that everybody writes with their mark."""

SPECIAL = {
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ı": "i", "ŋ": "n", "ĸ": "k", "ə": "e", "ƿ": "w",
    "ȷ": "j", "ɑ": "a", "ɡ": "g", "ꞌ": "", "ʃ": "s", "ʒ": "z", "ɛ": "e", "ɔ": "o", "ŉ": "n",
    "ґ": "г", "ғ": "г", "қ": "к", "ҝ": "к", "ҡ": "к", "ң": "н", "ҥ": "н", "ү": "у", "ұ": "у", "һ": "х", "ҳ": "х",
    "җ": "ж", "ҷ": "ч", "ҹ": "ч", "ө": "о", "ә": "а",
    "ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ڪ": "ك", "ی": "ي", "ې": "ي", "ۍ": "ي", "ہ": "ه", "ھ": "ه", "ە": "ه",
    "ۀ": "ه", "ۃ": "ه", "ـ": "", "ँ": "ं", "װ": "וו", "ױ": "וי", "ײ": "יי", "٫": ".", "٬": ",",
}
"""Letters that do not decompose, and spellings of one letter."""

# Letters such as ʻ and ʾ, which most people omit or type as an apostrophe.
SPECIAL.update({chr(code): "" for code in [*range(0x2B9, 0x2C0), 0x2C8, 0x2CA, 0x2CB, 0x2CC, 0xA78C]})


def ranges(text):
    for part in text.split():
        first, _, last = part.partition("-")
        yield int(first, 16), int(last or first, 16)


def within(code, pairs):
    return any(first <= code <= last for first, last in pairs)


EMOJIS = list(ranges(EMOJI_RANGES))


def plain_class(char):
    """What a scalar is that is its own compatibility form."""
    code = ord(char)
    category = unicodedata.category(char)
    if char in SIGNS:
        return SIGN
    if 0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xA97C or 0xD7B0 <= code <= 0xD7FB:
        return UNSPACED if category != "Cn" else BREAK
    if category.startswith("M"):
        return IGNORED if 0xFE00 <= code <= 0xFE0F or 0x180B <= code <= 0x180F or code == 0x34F else MARK
    if within(code, EMOJIS):
        return EMOJI
    if category == "Cf":
        return IGNORED if code != 0x2061 else BREAK
    if code == 0x180E:
        return IGNORED
    if category == "Nd":
        return DIGIT
    if category[0] in "LN" or code in (0x3005, 0x3006, 0x3007):
        if within(code, UNSPACED_RANGES):
            return UNSPACED
        return UPPER if category in ("Lu", "Lt") else LETTER
    return LETTER if category == "Co" else BREAK


def scalar_class(char):
    if 0xD800 <= ord(char) < 0xE000:
        return BREAK
    other = compatibility(char)
    if other is None:
        return plain_class(char)
    if char == "ำ" or char == "ຳ" or within(ord(char), [(0x3131, 0x318E), (0xFF66, 0xFF9D), (0xFFA0, 0xFFDC)]):
        return UNSPACED | COMPATIBLE
    if within(ord(char), [(0xFF9E, 0xFF9F)]):
        return MARK | COMPATIBLE
    return next((kind for kind in map(plain_class, other) if kind != BREAK), BREAK) | COMPATIBLE


def compatibility(char):
    """The NFKC form; none if it is the scalar itself."""
    if 0xD800 <= ord(char) < 0xE000:
        return None
    form = unicodedata.normalize("NFKC", char)
    return None if form == char else form


def fold(char):
    """What a scalar in NFKC is folded to: case, marks, special letters, digits."""
    code = ord(char)
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    if char in KEPT or char.lower() in KEPT:
        return char.lower()
    if char in SPECIAL:
        return SPECIAL[char]
    if within(code, DROPPED_MARKS):
        return "" if unicodedata.category(char).startswith("M") else char
    if plain_class(char) == UNSPACED:
        return char
    lower = char.lower() if 0x13A0 <= code <= 0x13FF or 0xAB70 <= code <= 0xABBF else char.casefold()
    parts = unicodedata.normalize("NFD", lower)
    if parts != char:
        whole = unicodedata.normalize("NFC", "".join(fold(part) for part in parts))
        return whole
    name = re.match(r"LATIN SMALL LETTER ([A-Z]) WITH .*", unicodedata.name(char, ""))
    return name[1].lower() if name else char


def value(number):
    return chr(48 + number)


def code(number, width):
    return "".join(value(number >> shift & 63) for shift in range(6 * (width - 1), -1, -6))


def literal(text, width=110):
    """Rows of a literal that stands for one line. No row begins with a mark or a space, which editors may change."""
    rows, row = [], ""
    for char in text:
        if len(row) >= width and not unicodedata.combining(char) and char not in " ":
            rows.append(row)
            row = ""
        row += "\\\\" if char == "\\" else char
    rows.append(row)
    return " \\\n".replace(" ", "").join("        " + each for each in rows)


def write(file, statics):
    text = f"{HEAD}enum {file} {{\n"
    for name, about, content in statics:
        text += f'    /// {about}\n    static let {name}: StaticString = """\n{literal(content)}\n        """\n'
    (FOLDER / f"{file}.swift").write_text(text + "}\n")


def write_forms(file, forms, about):
    """Records of six characters, the scalar and the offset of its form, in order; then the forms."""
    keys, data = "", ""
    size = 0
    for scalar, form in sorted(forms.items()):
        keys += code(ord(scalar), 3) + code(size, 3)
        data += form
        size += len(form.encode())
    keys += code((1 << 18) - 1, 3) + code(size, 3)
    write(file, [("keys", f"{about}: scalar and offset, six bits a character, in ascending order.", keys),
                 ("forms", "The forms in UTF-8, one after the other.", data)])


def main():
    blocks, index = {}, ""
    for start in range(0, END, BLOCK):
        block = "".join(value(scalar_class(chr(each))) for each in range(start, start + BLOCK))
        index += code(blocks.setdefault(block, len(blocks)), 2)
    write("ScalarClasses", [("index", "The block of each 64 scalars.", index),
                            ("blocks", "The class of each scalar of a block.", "".join(blocks))])

    every = [chr(each) for each in [*range(0x80, 0xD800), *range(0xE000, END), *range(0x2F800, 0x2FA20)]]
    compatible = {char: compatibility(char) for char in every if compatibility(char) is not None}
    write_forms("CompatibilityForms", {char: form for char, form in compatible.items()
                                       if any(plain_class(each) != BREAK for each in form)}, "NFKC")
    write_forms("FoldedForms", {char: fold(char) for char in every if char not in compatible and fold(char) != char},
                "Case, marks and special letters folded")


if __name__ == "__main__":
    main()
