#!/usr/bin/env python3
"""Writes the tables of the encodings of before Unicode, from Python's codecs, into Shared/Extraction/Encoding/Tables.

Each table is text: the scalars of all codes in order, with U+FFFD where a code has none. The tables change only if an
encoding is added, so the build does not run this.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "Shared" / "Extraction" / "Encoding" / "Tables"
HEAD = "// Made by deploy/scripts/generate_encodings.py from Python's codecs.\n// swift-format-ignore-file\n\n"
NONE = "\ufffd"

# Where Python's name differs from IANA's.
SINGLE = {
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252", "windows-1253": "cp1253",
    "windows-1254": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256", "windows-1257": "cp1257",
    "windows-1258": "cp1258", "windows-874": "cp874", "ibm437": "cp437", "ibm737": "cp737", "ibm775": "cp775",
    "ibm850": "cp850", "ibm852": "cp852", "ibm855": "cp855", "ibm857": "cp857", "ibm862": "cp862", "ibm866": "cp866",
    "iso-8859-2": "iso8859-2", "iso-8859-3": "iso8859-3", "iso-8859-4": "iso8859-4", "iso-8859-5": "iso8859-5",
    "iso-8859-6": "iso8859-6", "iso-8859-7": "iso8859-7", "iso-8859-8": "iso8859-8", "iso-8859-10": "iso8859-10",
    "iso-8859-13": "iso8859-13", "iso-8859-14": "iso8859-14", "iso-8859-15": "iso8859-15", "iso-8859-16": "iso8859-16",
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ce": "mac-latin2",
}


def scalar(code, *codecs):
    """What a code stands for; U+FFFD for nothing, a control character, private use, and more than one scalar."""
    for codec in codecs:
        try:
            text = bytes(code).decode(codec)
        except UnicodeDecodeError:
            continue
        if len(text) == 1 and text >= "\xa0" and not 0xE000 <= ord(text) < 0xF900:
            return text
    return NONE


def literal(rows, indent):
    return "\n".join(" " * indent + row.replace("\\", "\\\\") for row in rows)


def write(name, about, rows):
    text = (f'{HEAD}extension EncodingTables {{\n    /// {about}\n    static let {name}: StaticString = """\n'
            f'{literal(rows, 8)}\n        """\n}}\n')
    (FOLDER / f"{name[0].upper()}{name[1:]}.swift").write_text(text)


def halves(lead, trails, *codecs):
    """A lead byte's scalars, on two lines."""
    text = "".join(scalar([lead, trail], *codecs) for trail in trails)
    middle = len(text) // 2
    return [text[:middle], text[middle:]]


def main():
    lines = []
    for name, codec in SINGLE.items():
        text = "".join(scalar([byte], codec) for byte in range(0x80, 0x100))
        lines += [f"        {name}", *("        " + text[start:start + 64] for start in (0, 64))]
    (FOLDER / "SingleBytes.swift").write_text(
        f"{HEAD}extension EncodingTables {{\n    /// Of each encoding its name, and what the bytes from 80 up stand for.\n"
        f'    static let singleBytes: StaticString = """\n' + "\n".join(lines).replace("\\", "\\\\") + '\n        """\n}\n')

    rows = []
    for row in [*range(94), *range(114, 120)]:
        first = row // 2
        lead = first + (0x81 if first < 0x1F else 0xC1)
        trails = [byte for byte in range(0x40, 0xFD) if byte != 0x7F][row % 2 * 94:][:94]
        rows.append("".join(scalar([lead, trail], "cp932") for trail in trails))
    write("jis", "JIS X 0208 with the extensions of NEC and IBM: rows 1 to 94, then 115 to 120, of 94 cells.", rows)
    write("gb18030", "GB 18030, two bytes: leads 81 to FE, trails 40 to 7E and 80 to FE.", [
        row for lead in range(0x81, 0xFF) for row in halves(lead, [*range(0x40, 0x7F), *range(0x80, 0xFF)], "gb18030")])
    write("big5", "Big5 with the extensions of Hong Kong: leads 87 to FE, trails 40 to 7E and A1 to FE.", [
        row for lead in range(0x87, 0xFF)
        for row in halves(lead, [*range(0x40, 0x7F), *range(0xA1, 0xFF)], "cp950", "big5hkscs")])
    write("korean", "Windows-949, which extends EUC-KR: leads 81 to FE, trails 41 to FE.", [
        row for lead in range(0x81, 0xFF) for row in halves(lead, range(0x41, 0xFF), "cp949")])


if __name__ == "__main__":
    main()
