import Models
import TestSupport
import Testing

@testable import Extraction

struct WordTests {
    private func outline(_ file: WordFile) throws -> [String] {
        let bytes = try file.bytes()
        #expect(try FormatDetector.detect(bytes: bytes, name: "x.txt", declared: nil) == .docx)
        return outlined(try TextExtractor.extract(bytes, as: .docx))
    }

    private func p(_ text: String, style: String? = nil, _ properties: String = "") -> String {
        let style = style.map { "<w:pStyle w:val=\"\($0)\"/>" } ?? ""
        return "<w:p><w:pPr>\(style)\(properties)</w:pPr><w:r><w:t xml:space=\"preserve\">\(text)</w:t></w:r></w:p>"
    }

    private func style(_ id: String, _ name: String, _ more: String = "", type: String = "paragraph") -> String {
        "<w:style w:type=\"\(type)\" w:styleId=\"\(id)\"><w:name w:val=\"\(name)\"/>\(more)</w:style>"
    }

    @Test func headingsAreFoundByStyleInAnyLanguage() throws {
        let styles =
            style("Titel", "Title") + style("berschrift1", "heading 1")
            + style("berschrift2", "heading 2", "<w:basedOn w:val=\"berschrift1\"/>")
            + style("Eigene", "Own", "<w:basedOn w:val=\"berschrift2\"/>")
            + style("Deep", "Deep", "<w:pPr><w:outlineLvl w:val=\"8\"/></w:pPr>")
            + style("Body", "Body", "<w:basedOn w:val=\"berschrift1\"/><w:pPr><w:outlineLvl w:val=\"9\"/></w:pPr>")
            + style("A", "A", "<w:basedOn w:val=\"B\"/>") + style("B", "B", "<w:basedOn w:val=\"A\"/>")
            + style("C", "heading 1", type: "character") + style("Verzeichnis1", "toc 1")
        let body =
            p("The book", style: "Titel") + p("Contents…… 1", style: "Verzeichnis1") + p("One", style: "berschrift1")
            + p("Two", style: "berschrift2") + p("Own", style: "Eigene") + p("Nine", style: "Deep")
            + p("Text", style: "Body") + p("Circle", style: "A") + p("Unknown", style: "C")
            + p("Direct", "<w:outlineLvl w:val=\"2\"/>") + p("Not", style: "berschrift1", "<w:outlineLvl w:val=\"9\"/>")
        #expect(
            try outline(WordFile(body, styles: styles)) == [
                "h1: The book", "h1: One", "h2: Two", "h2: Own", "h6: Nine", "p: Text", "p: Circle", "p: Unknown",
                "h3: Direct", "p: Not",
            ])
        let bytes = try WordFile(body, styles: styles).bytes()
        #expect(try TextExtractor.extract(bytes, as: .docx).title == "The book")
    }

    @Test func withoutStylesTheUsualNamesCount() throws {
        #expect(try outline(WordFile(p("A", style: "Heading2") + p("B", style: "Normal"))) == ["h2: A", "p: B"])
    }

    @Test func listsAreItems() throws {
        let numbering = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"3\"/></w:numPr>"
        let none = "<w:numPr><w:numId w:val=\"0\"/></w:numPr>"
        let styles =
            style("Liste", "List Bullet", "<w:pPr>\(numbering)</w:pPr>")
            + style("Sub", "Sub", "<w:basedOn w:val=\"Liste\"/>")
        let body =
            p("one", numbering) + p("two", style: "Liste") + p("three", style: "Sub") + p("no", style: "Liste", none)
        #expect(try outline(WordFile(body, styles: styles)) == ["li: - one", "li: - two", "li: - three", "p: no"])
    }

    @Test func tablesAreRowsWithTheNamesOfTheirColumns() throws {
        func row(_ cells: [String], _ properties: String = "") -> String {
            "<w:tr>\(properties)" + cells.map { "<w:tc>\($0)</w:tc>" }.joined() + "</w:tr>"
        }
        let header = "<w:trPr><w:tblHeader/></w:trPr>"
        let look = "<w:tblPr><w:tblLook w:val=\"04A0\"/></w:tblPr>"
        let inner = "<w:tbl>\(row([p("inner")]))</w:tbl>"
        let body =
            "<w:tbl>\(row([p("Name"), p("Age")], header))\(row([p("Ann") + p("Lee"), p("33")]))</w:tbl>"
            + "<w:tbl>\(look)\(row([p("A"), p("B"), p("C")]))"
            + "\(row(["<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>" + p("1"), p("3")]))</w:tbl>"
            + "<w:tbl>\(look)\(row([p("Key"), p("Value")]))\(row([p("k"), p("v")]))</w:tbl>"
            + "<w:tbl>\(row([p("Lonely"), p("Header")], header))</w:tbl>"
            + "<w:tbl>\(row([p("outer") + inner, p("x")]))</w:tbl>" + p("after")
        #expect(
            try outline(WordFile(body)) == [
                "row: Name: Ann Lee; Age: 33", "row: A: 1; B: 1; C: 3", "row: Key; Value", "row: k; v",
                "row: Lonely; Header",
                "row: outer inner; x", "p: after",
            ])
    }

    @Test func notesFollowTheParagraphThatRefersToThem() throws {
        let notes = """
            <w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>
            <w:footnote w:id="2">\(p("First part.") + p("Second part."))</w:footnote>
            """
        let body =
            "<w:p><w:r><w:t>Said</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:t>.</w:t></w:r></w:p>"
            + p("Next") + "<w:p><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>"
        #expect(
            try outline(WordFile(body, footnotes: notes)) == ["p: Said.", "p: First part. Second part.", "p: Next"])
    }

    @Test func changesCountAsAccepted() throws {
        let body = """
            <w:p><w:pPr><w:pStyle w:val="Heading1"/><w:pPrChange><w:pPr><w:pStyle w:val="Heading3"/></w:pPr></w:pPrChange></w:pPr>
            <w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText> gone</w:delText></w:r></w:del>
            <w:ins><w:r><w:t xml:space="preserve"> new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t> away</w:t></w:r></w:moveFrom>
            <w:moveTo><w:r><w:t xml:space="preserve"> here</w:t></w:r></w:moveTo></w:p>
            """
        #expect(try outline(WordFile(body)) == ["h1: Kept new here"])
    }

    @Test func linksFieldsTabsAndBreaksReadAsTheyLook() throws {
        let body = """
            <w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:hyperlink w:anchor="x"><w:r><w:t>A link</w:t></w:r></w:hyperlink>
            <w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>break e</w:t><w:noBreakHyphen/><w:t>mail</w:t></w:r>
            <w:r><w:fldChar w:fldCharType="begin"/><w:instrText> PAGE </w:instrText><w:fldChar w:fldCharType="end"/></w:r>
            <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> shown</w:t></w:r>
            <m:oMath><m:r><m:t> x=1</m:t></m:r></m:oMath></w:p>
            <w:sdt><w:sdtPr><w:alias w:val="no"/></w:sdtPr><w:sdtContent>\(p("In a control &amp; &#x41;"))</w:sdtContent></w:sdt>
            """
        #expect(
            try outline(WordFile(body)) == ["p: A link tab break e-mail shown x=1", "p: In a control & A"])
    }

    @Test func textBoxesComeOnceAndAfterTheirParagraph() throws {
        let box = "<w:txbxContent>\(p("In the box", style: "Heading1") + p("More"))</w:txbxContent>"
        let body = """
            <w:p><w:r><w:t xml:space="preserve">Before </w:t></w:r><w:r><mc:AlternateContent>
            <mc:Choice Requires="wps"><wps:txbx>\(box)</wps:txbx></mc:Choice>
            <mc:Fallback><w:pict><v:textbox>\(box)</v:textbox></w:pict></mc:Fallback>
            </mc:AlternateContent></w:r><w:r><w:t>after</w:t></w:r></w:p>
            """
        #expect(try outline(WordFile(body)) == ["p: Before after", "h1: In the box", "p: More"])
    }

    @Test func strictDocumentsAndOtherNamesAreRead() throws {
        var file = WordFile(p("Strict", style: "Heading1"))
        file.mainPart = "word/document2.xml"
        file.declarations = "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\""
        #expect(try outline(file) == ["h1: Strict"])
        file.body = file.body.replacing("w:", with: "")
        file.declarations =
            "xmlns=\"http://purl.oclc.org/ooxml/wordprocessingml/main\" "
            + "xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\""
        #expect(try outline(file) == ["p: Strict"], "attributes have no default namespace")
    }

    @Test(arguments: [
        "<w:p>", "</w:p>", "<w:p><w:r></w:p></w:r>", "<x:p/>", "<w:p a=1/>", "<w:p><w:r><w:t>&nbsp;</w:t></w:r></w:p>",
        "<w:p a='<'/>",
        "<w:p><w:r><w:t>&#0;</w:t></w:r></w:p>", "<w:p><w:r><w:t>&#xD800;</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>a & b</w:t></w:r></w:p>",
        "<w:p a='1'b='2'/>", "<!x>", "<w:p", "<![CDATA[", "<!--", "<1/>", "<w:/>", "\u{1}",
        String(repeating: "<w:p>", count: 300) + String(repeating: "</w:p>", count: 300),
    ])
    func malformedXMLIsUnreadable(body: String) throws {
        let bytes = try WordFile(body).bytes()
        #expect { try TextExtractor.extract(bytes, as: .docx) } throws: { error in
            guard case ExtractionError.unreadable = error else { return false }
            return true
        }
    }

    @Test func documentTypesAreRefused() throws {
        let bytes = try WordFile.pack([
            "word/document.xml": "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>"
        ])
        #expect(throws: ExtractionError(.documentType)) { try TextExtractor.extract(bytes, as: .docx) }
    }

    @Test func damagedFilesAreUnreadable() throws {
        let bytes = try WordFile(p("Some text that is long enough to be packed, packed, packed.")).bytes()
        for length in stride(from: 4, to: bytes.count, by: 7) {
            #expect(throws: ExtractionError.self) {
                let part = Array(bytes.prefix(length))
                _ = try TextExtractor.extract(
                    part, as: try FormatDetector.detect(bytes: part, name: "x.docx", declared: nil))
            }
        }
    }

    @Test func otherArchivesAreNoDocuments() throws {
        let bytes = try WordFile.pack(["readme.txt": "hello", "_rels/.rels": "<x/>"])
        #expect { try FormatDetector.detect(bytes: bytes, name: "x.docx", declared: nil) } throws: { error in
            guard case ExtractionError.unsupported = error else { return false }
            return true
        }
    }

    @Test func utf16IsUnderstood() throws {
        let script = """
            import io, sys, zipfile
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr("word/document.xml", '<?xml version="1.0" encoding="UTF-16"?><w:document \(WordFile.namespaces)>'
                    '<w:body><w:p><w:r><w:t>Größe 😀</w:t></w:r></w:p></w:body></w:document>'.encode("utf-16"))
            sys.stdout.buffer.write(file.getvalue())
            """
        let bytes = try Python.output(script)
        #expect(outlined(try TextExtractor.extract(bytes, as: .docx)) == ["p: Größe 😀"])
    }
}
