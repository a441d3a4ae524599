"""Good documents of every type that is read, and the tokens that their readers look for."""

import io
import random
import zipfile
from pathlib import Path

from documents import Document

HTML = """<!DOCTYPE html><html><head><title>Handbook</title><style>p {color: red}</style></head><body><nav>Menu</nav>
<h1>Leave &amp; pay</h1><p>Twenty <b>days</b> of leave&nbsp;&mdash; <a href="/more">more</a>.</p><ul><li>One<li>Two <ol><li>a</ol></ul>
<table><caption>Pay</caption><tr><th>Grade<th>Pay<tr><td rowspan=2>A<td>10<tr><td colspan="2">20</table><pre>  x = 1
  y = 2</pre><dl><dt>Term<dd>Meaning</dl><script>if (a < b) {}</script><textarea><p>no</textarea><svg><title>t</title></svg></body></html>"""
MARKDOWN = """---
title: Handbook
---
# Leave

Twenty *days* of **leave**[^1], see [here](https://example.com "t") and `code`.

| Grade | Pay |
|-------|----:|
| A     | 10  |

1. One
   - nested
2. Two

> Quoted
> > twice

```swift
let x = 1
```
Term
: Meaning

[^1]: A note.
[ref]: <https://example.com>
"""
JSON = '{"title": "Handbook", "rows": [{"grade": "A", "pay": 10.5}, {"grade": "B\\u00e9\\ud83d\\ude00", "pay": null}], "deep": [[[[1]]]]}'
CSV = 'grade,pay,"a note"\r\nA,10,"with ""quotes"", and\na line"\r\nB,20,\r\n'
TEXT = "\ufeffHandbook\n========\n\nTwenty days of leave.\x0cPage two\n\n  * One\n  * Two\n日本語の契約は三年間有効です。\n"
RUSSIAN = "Отпуск длится двадцать восемь дней.\nЗаявление подают за две недели.\n" * 9
JAPANESE = "契約は三年間有効です。\n更新は書面で行います。\n" * 9
WORD_BODY = """<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Leave</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">Twenty </w:t></w:r>
<w:ins w:id="1"><w:r><w:t>days</w:t><w:tab/><w:br/></w:r></w:ins><w:del w:id="2"><w:r><w:delText>weeks</w:delText></w:r></w:del></w:p>
<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Pay</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr>
<w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>10</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:r><w:footnoteReference w:id="2"/></w:r><w:hyperlink r:id="rId9"><w:r><w:t>more</w:t></w:r></w:hyperlink></w:p>"""
WORD_PARTS = {
    "word/styles.xml": '<w:styles {}><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr>'
                       '<w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>',
    "word/numbering.xml": '<w:numbering {}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                          '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1">'
                          '<w:abstractNumId w:val="0"/></w:num></w:numbering>',
    "word/footnotes.xml": '<w:footnotes {}><w:footnote w:id="2"><w:p><w:r><w:t>A note</w:t></w:r></w:p></w:footnote></w:footnotes>'}
NAMESPACES = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
              'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')


def word_document():
    """Of the plain one, with a body and parts that have more of what Word writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain("docx"))) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = f'<?xml version="1.0"?><w:document {NAMESPACES}><w:body>{WORD_BODY}</w:body></w:document>'
            target.writestr(zipfile.ZipInfo(name), content)
        relationships = "".join(
            f'<Relationship Id="r{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
            f'Target="{kind}.xml"/>' for n, kind in enumerate(["styles", "numbering", "footnotes"]))
        target.writestr(zipfile.ZipInfo("word/_rels/document.xml.rels"),
                        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                        f"{relationships}</Relationships>")
        for name, content in WORD_PARTS.items():
            target.writestr(zipfile.ZipInfo(name), content.format(NAMESPACES))
    return out.getvalue()


def plain(kind):
    return Document(kind, 3000, random.Random(1)).content


def foreign(ending):
    """Documents that other programs made."""
    folder = Path(__file__).resolve().parent.parent / "ExtractionTests/Documents"
    return [path.read_bytes() for path in sorted(folder.glob(f"*.{ending}"))]


SAMPLES = {
    "html": [HTML.encode(), plain("html"), ('<meta charset=gbk>' + HTML.replace("days", "日本")).encode("gbk", "ignore")],
    "md": [MARKDOWN.encode(), plain("markdown")], "json": [JSON.encode(), plain("json")],
    "csv": [CSV.encode(), plain("csv"), CSV.replace(",", ";").encode("utf-16")],
    "txt": [TEXT.encode(), plain("text"), TEXT.encode("utf-16"), "Grüße".encode("latin-1") * 50,
            *(RUSSIAN.encode(name) for name in ("cp1251", "koi8-r", "utf-16-le")),
            *(JAPANESE.encode(name) for name in ("shift_jis", "euc_jp", "iso2022_jp", "gb18030", "utf-16-be"))],
    "docx": [plain("docx"), word_document()], "pdf": [plain("pdf")],
    **{ending: foreign(ending) for ending in ("pptx", "odt", "odp", "epub", "rtf")}}

# What is changed most in documents that are archives: members whose names end so.
MAIN_PARTS = {"docx": "word/document.xml", "pptx": "slide1.xml", "odt": "content.xml", "odp": "content.xml",
              "epub": ("1.xhtml", ".opf", "toc.ncx", "nav.xhtml")}

TOKENS = {
    "html": [b"<", b">", b"</", b"<!--", b"-->", b"<![CDATA[", b"<script>", b"</script>", b"<table>", b"<td>", b"<pre>",
             b"<textarea>", b"&#x110000;", b"&#xD800;", b"&amp", b"&notit;", b"\x00", b"<p hidden>", b"<svg>", b"<template>", b"='",
             b"<div " + b"a" * 2000, b"<b>" * 2000],
    "md": [b"`", b"```", b"~~~\n", b"*", b"**", b"_", b"[", b"](", b"![", b"[^", b"]:", b"|", b"|---|", b"> ", b"# ", b"- ", b"1. ",
           b"\n\n", b"\t", b"<div>", b"\\", b"---\n", b"[" * 2000, b"> " * 500, b"*a " * 500, b"`" * 1001, b"- " * 300],
    "json": [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\u", b"\\ud83d", b"1e400", b"-", b"null", b"[" * 3000, b'{"a":' * 1500,
             b'"' + b"a" * 5000 + b'"', b"\x00", b"\xff"],
    "csv": [b'"', b'""', b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"a" * 3000, b"," * 3000, b"\x00", b"\xff\xfe", b'"' * 999],
    "txt": [b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00\x00\xfe\xff", b"\x0c", b"\x1b[1m", b"a\x08a", b"\xe2\x80\xa8",
            b"A " * 3000, b"x" * 20_000, b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", "日本".encode() * 500, "\u0301".encode() * 900,
            b"\x1b$B", b"\x1b(B", b"\x81\x30\x81\x30", b"\x8f\xa1", b"\x93\xfa", "a\u0323\u0301".encode(), "\u1100\u1161".encode() * 9],
    "docx": [b"<w:p>", b"</w:p>", b"<w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>", b"<w:tr>", b"<w:tc>", b"</w:tc>", b"&b;", b"&#0;",
             b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&#x110000;", b"<![CDATA[", b"]]>", b"<?x", b"?>", b"<!--", b"xmlns:w=''", b"\x00",
             b'<w:gridSpan w:val="999999999"/>', b'<w:numId w:val="-1"/>', b'<w:ilvl w:val="99999999999999999999"/>', b"\xff",
             b'w:val="9223372036854775808"', b"<w:p>" * 3000, b"<w:tbl><w:tr><w:tc>" * 700],
    "pptx": [b"<p:sp>", b"</p:sp>", b"<p:grpSp>", b"<p:txBody>", b"<a:p>", b"</a:p>", b"<a:r><a:t>x</a:t></a:r>", b'<a:pPr lvl="99"/>',
             b'<a:buAutoNum type="romanLcPeriod" startAt="-9223372036854775808"/>', b"<a:tbl>", b"<a:tr>", b"<a:tc>", b"</a:tc>",
             b'gridSpan="999999999"', b'rowSpan="-1"', b'hMerge="1"', b'hidden="1"', b'<p:ph type="title"/>', b"<a:lstStyle>",
             b"<mc:Fallback>", b"&#0;", b"<p:grpSp>" * 300, b"<a:tbl><a:tr><a:tc>" * 90, b"\xff", b"<a:br/>" * 3000],
    "odt": [b"<text:p>", b"</text:p>", b"<text:list>", b"<text:list-item>", b"</text:list>", b"<text:span>", b"<text:note>",
            b'text:start-value="9223372036854775807"', b'text:outline-level="-5"', b"<table:table>", b"<table:table-row>",
            b"<table:table-cell>", b'table:number-columns-spanned="999999999"', b'table:number-columns-repeated="999999999"',
            b"<draw:frame>", b"<text:tracked-changes>", b'text:style-name="P1"', b"<text:s text:c='99999999'/>", b"&#0;",
            b"<text:list><text:list-item>" * 130, b"<table:table><table:table-row><table:table-cell>" * 80, b"\xff"],
    "odp": [b"<draw:page>", b"</draw:page>", b"<draw:g>", b"<draw:frame>", b"<draw:text-box>", b"<text:p>", b"</text:p>",
            b"<presentation:notes>", b'presentation:class="title"', b"<text:list><text:list-item>", b"<draw:g>" * 300, b"\xff"],
    "epub": [b"<item/>", b"<itemref/>", b'idref="ch1"', b'href="../../%2e%2e/x"', b'linear="no"', b"<spine>", b"</spine>", b"<h1>",
             b"<p>", b"</p>", b"<![CDATA[", b"<!DOCTYPE x [", b"<navPoint>", b"<content src='%ff%'/>", b"<a href='", b"<table><tr><td>",
             b"&#xD800;", b"\xff", b"<item/>" * 3000],
    "rtf": [b"{", b"}", b"\\", b"\\'", b"\\'93", b"\\u-10179", b"\\u9999999999 ", b"\\uc99", b"\\bin9 ", b"\\bin-1 ", b"\\par ",
            b"\\cell ", b"\\row ", b"\\trowd", b"\\cellx-2147483648", b"\\cellx99999", b"\\intbl ", b"\\itap9999 ", b"\\nestcell ",
            b"\\nestrow ", b"{\\*\\nesttableprops", b"{\\footnote ", b"{\\*\\shpinst{\\shptxt ", b"{\\upr{a}{\\*\\ud{", b"{\\fonttbl",
            b"\\f1\\fcharset128 ", b"{\\stylesheet{\\s1\\sbasedon1 heading 1;", b"\\outlinelevel-3 ", b"\\ansicpg932 ", b"\x93\xfa\x00\xff",
            b"{\\listtext ", b"{" * 499, b"\\cellx1" * 2000, b"\\cell" * 2000, b"\\clmrg\\clvmrg"],
    "pdf": [b"endobj", b"obj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"<<", b">>", b"/Kids", b"/Parent 2 0 R",
            b"/Length 99999999", b"/Count -1", b"/Filter /FlateDecode", b"0 R", b"%%EOF", b"/Encrypt 5 0 R", b"("]}
