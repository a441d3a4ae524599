#!/usr/bin/env python3
"""Makes the documents of this folder with other programs, and what those read in them: make.py FOLDER.

Needs pandoc and LibreOffice (Debian: pandoc, libreoffice-impress-nogui, libreoffice-writer-nogui), and from PyPI
python-pptx, odfpy, ebooklib and PyRTF3. NAME.txt is the text of NAME as pandoc, LibreOffice or python-pptx read it, in the
order in which a reader sees it. The documents are committed, because tests need none of these programs.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from sources import CHAPTERS, REPORT, RUSSIAN, SLIDES, TABLE

out = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()


def run(*command, text=None):
    return subprocess.run([str(part) for part in command], input=text, check=True, capture_output=True, text=True).stdout


def pandoc(source, name, *options):
    run("pandoc", "-f", "markdown", "-o", out / name, *options, text=source)


def plain(name):
    """What pandoc reads in a document."""
    (out / f"{name}.txt").write_text(run("pandoc", "-t", "plain", "--wrap=none", out / name))


def office(source, kind, name, options=""):
    """Converts a file with LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        run("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind + options,
            "--outdir", folder, source)
        (out / name).write_bytes((Path(folder) / f"{Path(source).stem}.{kind}").read_bytes())


def office_text(name):
    """What LibreOffice reads in a document."""
    office(out / name, "txt", f"{name}.txt", ":Text (encoded):UTF8")
    (out / f"{name}.txt").write_text((out / f"{name}.txt").read_text("utf-8-sig"))


def slides_text(path):
    """The text of a presentation as python-pptx reads it."""
    from pptx import Presentation
    lines = []

    def read(shapes):
        for shape in shapes:
            kind = shape.placeholder_format.type if shape.is_placeholder else None
            if kind is not None and kind.name in ("DATE", "FOOTER", "HEADER", "SLIDE_NUMBER"):
                continue
            if shape.shape_type == 6:
                read(shape.shapes)
            elif shape.has_text_frame:
                lines.extend(paragraph.text for paragraph in shape.text_frame.paragraphs)
            elif shape.has_table:
                for row in shape.table.rows:
                    lines.append(" ".join(cell.text for cell in row.cells if not cell.is_spanned))

    for slide in Presentation(path).slides:
        if slide._element.get("show") == "0":
            continue
        read(slide.shapes)
        if slide.has_notes_slide:
            lines.append(slide.notes_slide.notes_text_frame.text if slide.notes_slide.notes_text_frame else "")
    return "\n".join(lines)


def powerpoint(path):
    from pptx import Presentation
    from pptx.util import Inches
    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "Harbour plan"
    first.placeholders[1].text = "For the council of the town"
    for number, (title, points, notes) in enumerate(SLIDES):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        frame = slide.placeholders[1].text_frame
        for place, (level, point) in enumerate(points):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.text, paragraph.level = point, level
        slide.notes_slide.notes_text_frame.text = notes
        if number == 1:
            slide._element.set("show", "0")
    table = deck.slides.add_slide(deck.slide_layouts[5])
    table.shapes.title.text = "Costs by year"
    grid = table.shapes.add_table(len(TABLE), len(TABLE[0]), Inches(1), Inches(2), Inches(8), Inches(3)).table
    for row, cells in enumerate(TABLE):
        for column, text in enumerate(cells):
            grid.cell(row, column).text = text
    group = table.shapes.add_group_shape()
    for place, text in enumerate(["Quay wall before", "Quay wall after"]):
        box = group.shapes.add_textbox(Inches(1 + 3 * place), Inches(6), Inches(3), Inches(1))
        box.text_frame.text = text
    deck.save(path)


def opendocument_text(path):
    from odf.opendocument import OpenDocumentText
    from odf.style import Style, TextProperties
    from odf.table import Table, TableCell, TableColumn, TableHeaderRows, TableRow
    from odf.text import H, List, ListItem, ListLevelStyleNumber, ListStyle, Note, NoteBody, NoteCitation, P, S, Span, Tab
    document = OpenDocumentText()
    bold = Style(name="Bold", family="text")
    bold.addElement(TextProperties(fontweight="bold"))
    numbers = ListStyle(name="Numbers")
    for level, shape in ((1, "1"), (2, "a")):
        numbers.addElement(ListLevelStyleNumber(level=level, numformat=shape, numsuffix=")"))
    document.automaticstyles.addElement(bold)
    document.automaticstyles.addElement(numbers)
    text = document.text
    for number, (title, paragraphs) in enumerate(CHAPTERS):
        text.addElement(H(outlinelevel=1 if number == 0 else 2, text=title))
        for paragraph in paragraphs:
            element = P()
            words = paragraph.split(" ")
            element.addText(" ".join(words[:3]))
            element.addElement(S(c=1))
            element.addElement(Span(stylename=bold, text=" ".join(words[3:5])))
            element.addElement(Tab())
            element.addText(" ".join(words[5:]))
            if number == 1:
                note = Note(noteclass="footnote")
                note.addElement(NoteCitation(text="1"))
                body = NoteBody()
                body.addElement(P(text="Measured by the pilots in spring."))
                note.addElement(body)
                element.addElement(note)
            text.addElement(element)
    outer = List(stylename=numbers)
    for point in ("Dredge the basin", "Repair the lamps"):
        item = ListItem()
        item.addElement(P(text=point))
        inner = List()
        for detail in ("before summer", "after the fair"):
            below = ListItem()
            below.addElement(P(text=detail))
            inner.addElement(below)
        item.addElement(inner)
        outer.addElement(item)
    text.addElement(outer)
    table = Table(name="Costs")
    table.addElement(TableColumn(numbercolumnsrepeated=len(TABLE[0])))
    for number, cells in enumerate(TABLE):
        row = TableRow()
        for cell in cells:
            row.addElement(TableCell())
            row.lastChild.addElement(P(text=cell))
        if number == 0:
            rows = TableHeaderRows()
            rows.addElement(row)
            table.addElement(rows)
        else:
            table.addElement(row)
    text.addElement(table)
    document.save(str(path))


def opendocument_slides(path):
    from odf.draw import Frame, G, Page, TextBox
    from odf.namespaces import PRESENTATIONNS
    from odf.opendocument import OpenDocumentPresentation
    from odf.presentation import Notes
    from odf.style import DrawingPageProperties, MasterPage, PageLayout, PageLayoutProperties, Style
    from odf.text import List, ListItem, P
    deck = OpenDocumentPresentation()
    layout = PageLayout(name="Layout")
    layout.addElement(PageLayoutProperties(pagewidth="28cm", pageheight="21cm", printorientation="landscape"))
    deck.automaticstyles.addElement(layout)
    master = MasterPage(name="Master", pagelayoutname=layout)
    deck.masterstyles.addElement(master)
    hidden = Style(name="dpHidden", family="drawing-page")
    hidden.addElement(DrawingPageProperties(visibility="hidden"))
    deck.automaticstyles.addElement(hidden)

    def frame(parent, kind, *content):
        box = TextBox()
        for element in content:
            box.addElement(element)
        sized = Frame(width="20cm", height="4cm", x="2cm", y="2cm")
        if kind:
            sized.setAttrNS(PRESENTATIONNS, "class", kind)
        sized.addElement(box)
        parent.addElement(sized)

    for number, (title, points, notes) in enumerate(SLIDES):
        page = Page(name=f"page{number}", masterpagename=master, **({"stylename": hidden} if number == 1 else {}))
        deck.presentation.addElement(page)
        frame(page, "title", P(text=title))
        items = List()
        for level, point in points:
            item = ListItem()
            if level == 0:
                item.addElement(P(text=point))
            else:
                below = List()
                lower = ListItem()
                lower.addElement(P(text=point))
                below.addElement(lower)
                item.addElement(below)
            items.addElement(item)
        frame(page, "outline", items)
        group = G()
        page.addElement(group)
        frame(group, None, P(text=f"Left of group {number}"))
        frame(group, None, P(text=f"Right of group {number}"))
        speaker = Notes()
        frame(speaker, "notes", P(text=notes))
        page.addElement(speaker)
    deck.save(str(path))
    # LibreOffice drops these notes, which belong to no page of notes.
    lines = [[title, *(point for _, point in points), f"Left of group {number}", f"Right of group {number}", notes]
             for number, (title, points, notes) in enumerate(SLIDES) if number != 1]
    (out / f"{path.name}.txt").write_text("\n".join(line for slide in lines for line in slide))


def book(path):
    from ebooklib import epub
    made = epub.EpubBook()
    made.set_identifier("harbour")
    made.set_title("The harbour book")
    made.set_language("en")
    chapters = []
    for number, (title, paragraphs) in enumerate(CHAPTERS):
        chapter = epub.EpubHtml(title=title, file_name=f"text/part {number}.xhtml", lang="en")
        chapter.content = f"<h1>{title}</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs)
        made.add_item(chapter)
        chapters.append(chapter)
    made.toc = chapters
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav())
    # The spine differs from the manifest, and the last chapter is not part of the reading order.
    made.spine = ["nav", chapters[1], chapters[0], *chapters[2:-1], (chapters[-1].id, "no")]
    epub.write_epub(str(path), made)
    order = [CHAPTERS[1], CHAPTERS[0], *CHAPTERS[2:-1]]
    (out / f"{path.name}.txt").write_text("\n".join(line for title, texts in order for line in (title, *texts)))


def rich_text(path):
    from PyRTF.document.paragraph import Cell, Paragraph, Table
    from PyRTF.Elements import Document
    from PyRTF.document.section import Section
    from PyRTF.Renderer import Renderer
    document = Document()
    styles = document.StyleSheet
    section = Section()
    document.Sections.append(section)
    for title, paragraphs in CHAPTERS:
        section.append(Paragraph(styles.ParagraphStyles.Heading1, title))
        for text in paragraphs:
            section.append(Paragraph(styles.ParagraphStyles.Normal, text))
    table = Table(*[2160] * len(TABLE[0]))
    for cells in TABLE:
        table.AddRow(*[Cell(Paragraph(styles.ParagraphStyles.Normal, cell)) for cell in cells])
    section.append(table)
    with open(path, "w", encoding="ascii") as file:
        Renderer().Write(document, file)


def main():
    powerpoint(out / "python-pptx.pptx")
    pandoc(REPORT, "pandoc.pptx", "--slide-level=2")
    office(out / "python-pptx.pptx", "odp", "libreoffice.odp")
    opendocument_slides(out / "odfpy.odp")
    office(out / "odfpy.odp", "pptx", "libreoffice.pptx")
    office(out / "pandoc.pptx", "odp", "libreoffice-report.odp")
    for name in ("python-pptx.pptx", "pandoc.pptx", "libreoffice.pptx"):
        (out / f"{name}.txt").write_text(slides_text(out / name))
    for name in ("libreoffice.odp", "libreoffice-report.odp"):
        with tempfile.TemporaryDirectory() as folder:
            office(out / name, "pptx", Path(folder) / "converted.pptx")
            (out / f"{name}.txt").write_text(slides_text(Path(folder) / "converted.pptx"))
    pandoc(REPORT, "pandoc.odt")
    with tempfile.TemporaryDirectory() as folder:
        run("pandoc", "-f", "markdown", "-o", f"{folder}/report.docx", text=REPORT)
        office(f"{folder}/report.docx", "odt", "libreoffice.odt")
    opendocument_text(out / "odfpy.odt")
    for name in ("pandoc.odt", "libreoffice.odt", "odfpy.odt"):
        office_text(name)
    pandoc(REPORT, "pandoc.epub", "-t", "epub3", "--metadata", "title=Report on the harbour")
    pandoc(REPORT, "pandoc-2.epub", "-t", "epub2", "--metadata", "title=Report on the harbour")
    plain("pandoc.epub")
    plain("pandoc-2.epub")
    book(out / "ebooklib.epub")
    pandoc(REPORT, "pandoc.rtf", "-s")
    office(out / "pandoc.odt", "rtf", "libreoffice.rtf")
    with tempfile.TemporaryDirectory() as folder:
        run("pandoc", "-f", "markdown", "-o", f"{folder}/russian.odt", text=RUSSIAN)
        office(f"{folder}/russian.odt", "rtf", "libreoffice-russian.rtf")
    rich_text(out / "pyrtf.rtf")
    for name in ("pandoc.rtf", "libreoffice.rtf", "libreoffice-russian.rtf", "pyrtf.rtf"):
        office_text(name)


main()
