import Models
import Testing

@testable import Extraction

/// A handmade OpenDocument file.
struct OpenDocumentFile {
    /// What is in `office:body`.
    var body: String
    /// The automatic styles of the content.
    var automatic = ""
    /// The styles of the document.
    var styles = ""
    var manifest = "<m/>"

    static let textType = "application/vnd.oasis.opendocument.text"
    static let presentationType = "application/vnd.oasis.opendocument.presentation"

    private static let namespaces = [
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "presentation": "presentation",
        "style": "style", "fo": "xsl-fo-compatible", "svg": "svg-compatible",
    ].map { "xmlns:\($0.key)=\"urn:oasis:names:tc:opendocument:xmlns:\($0.value):1.0\"" }.joined(separator: " ")

    func bytes(_ mediaType: String = textType) throws -> [UInt8] {
        let content = """
            <office:document-content \(Self.namespaces)><office:automatic-styles>\(automatic)</office:automatic-styles>
            <office:body>\(body)</office:body></office:document-content>
            """
        return try WordFile.pack(
            [
                "content.xml": content, "META-INF/manifest.xml": manifest,
                "styles.xml": "<office:document-styles \(Self.namespaces)><office:styles>\(styles)</office:styles>"
                    + "</office:document-styles>",
            ], first: ("mimetype", mediaType))
    }

    /// A file of a word processor with this text.
    static func text(_ text: String, automatic: String = "", styles: String = "") -> OpenDocumentFile {
        OpenDocumentFile(body: "<office:text>\(text)</office:text>", automatic: automatic, styles: styles)
    }
}

@Suite struct OpenDocumentTests {
    private func outline(_ file: OpenDocumentFile) throws -> [String] {
        let bytes = try file.bytes()
        #expect(try FormatDetector.detect(bytes: bytes, name: "x", declared: nil) == .odt)
        return outlined(try TextExtractor.extract(bytes, as: .odt))
    }

    private func listStyle(_ name: String, _ levels: String) -> String {
        "<text:list-style style:name=\"\(name)\">\(levels)</text:list-style>"
    }

    private func number(_ level: Int, _ format: String, _ more: String = "style:num-suffix=\".\"") -> String {
        "<text:list-level-style-number text:level=\"\(level)\" style:num-format=\"\(format)\" \(more)/>"
    }

    @Test func paragraphsReadAsTheyLook() throws {
        let styles = """
            <style:style style:name="Title" style:family="paragraph"/>
            <style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>
            """
        let automatic = """
            <style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
            <style:style style:name="T1" style:family="text" style:parent-style-name="Gone"/>
            <style:style style:name="A" style:family="text" style:parent-style-name="B"/>
            <style:style style:name="B" style:family="text" style:parent-style-name="A"/>
            """
        let text = """
            <text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region>
            </text:tracked-changes><text:sequence-decls><text:p>no</text:p></text:sequence-decls>
            <text:p text:style-name="P1">The book</text:p><text:h text:outline-level="2">Part</text:h><text:h>One</text:h>
            <text:table-of-content><text:index-body><text:p>Part 1</text:p></text:index-body></text:table-of-content>
            <text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:span text:style-name="T1"> secret</text:span>
            <text:span text:style-name="A">e</text:span> <text:a>f</text:a><office:annotation><text:p>comment</text:p></office:annotation>
            <text:ruby><text:ruby-base>g</text:ruby-base><text:ruby-text>h</text:ruby-text></text:ruby></text:p>
            <text:section text:display="none"><text:p>hidden</text:p></text:section><text:section><text:p>shown</text:p></text:section>
            """
        #expect(
            try outline(.text(text, automatic: automatic, styles: styles)) == [
                "h1: The book", "h2: Part", "h1: One", "p: a b c d e f g", "p: shown",
            ])
        let bytes = try OpenDocumentFile.text(text, automatic: automatic, styles: styles).bytes()
        #expect(try TextExtractor.extract(bytes, as: .odt).title == "The book")
    }

    @Test func listsAndHeadingsHaveTheirNumbers() throws {
        let headings = [1, 2].map {
            "<text:outline-level-style text:level=\"\($0)\" style:num-format=\"1\" text:display-levels=\"\($0)\"/>"
        }
        let second = number(2, "a", "style:num-suffix=\")\" text:display-levels=\"2\"")
        let styles = [
            listStyle("N", number(1, "1") + second + number(3, "")),
            listStyle("B", "<text:list-level-style-bullet text:level=\"1\" text:bullet-char=\"•\"/>"),
            "<text:outline-style>\(headings.joined())</text:outline-style>",
        ].joined()
        func item(_ content: String, _ attributes: String = "") -> String {
            "<text:list-item \(attributes)>\(content)</text:list-item>"
        }
        func p(_ text: String) -> String { "<text:p>\(text)</text:p>" }
        func list(_ style: String, _ items: String, _ more: String = "") -> String {
            "<text:list text:style-name=\"\(style)\" \(more)>\(items)</text:list>"
        }
        let inner =
            "<text:list>\(item(p("x")) + item(p("y") + "<text:list>\(item(p("deep")))</text:list>"))</text:list>"
        let text = [
            "<text:h text:outline-level=\"1\">A</text:h><text:h text:outline-level=\"2\">B</text:h>",
            "<text:h text:outline-level=\"2\" text:is-list-header=\"true\">C</text:h>",
            list("N", [item(p("one") + p("more")), item(inner), item(p("two"))].joined(), "xml:id=\"l1\""),
            list("B", item(p("sign"))), list("N", item(p("new")), "xml:id=\"l2\""),
            list("N", item(p("three")), "text:continue-list=\"l1\""),
            list(
                "N", item(p("four")) + item(p("nine"), "text:start-value=\"9\""), "text:continue-numbering=\"true\""),
            "<text:list><text:list-header>\(p("header"))</text:list-header>\(item(p("unknown style")))</text:list>",
        ].joined()
        #expect(
            try outline(.text(text, styles: styles)) == [
                "h1: 1 A", "h2: 1.1 B", "h2: C", "li: 1. one more", "li: 1.a) x", "li: 1.b) y", "p: deep", "li: 2. two",
                "li: - sign", "li: 1. new", "li: 3. three", "li: 4. four", "li: 9. nine", "p: header",
                "li: - unknown style",
            ])
    }

    @Test func tablesNotesAndBoxesComeWhereTheyBelong() throws {
        func cell(_ content: String, _ attributes: String = "") -> String {
            "<table:table-cell \(attributes)>\(content)</table:table-cell>"
        }
        func row(_ cells: String) -> String { "<table:table-row>\(cells)</table:table-row>" }
        func p(_ text: String) -> String { "<text:p>\(text)</text:p>" }
        let note = """
            <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>First.</text:p><text:p>Second.</text:p>
            </text:note-body></text:note>
            """
        let covered = "<table:covered-table-cell/>"
        let header = row([cell(p("Part")), cell(p("Cost"), "table:number-columns-spanned=\"2\""), covered].joined())
        let first = [cell(p("Piles\(note)"), "table:number-rows-spanned=\"2\""), cell(p("410")), cell(p("95"))]
        let second = [covered, cell(p("12")), cell(p("3"))]
        let table = """
            <table:table><table:table-column/><table:table-header-rows>\(header)</table:table-header-rows>
            \(row(first.joined()))\(row(second.joined()))</table:table>
            """
        let box = """
            <draw:frame><draw:text-box><text:h text:outline-level="3">In the box</text:h></draw:text-box><draw:image/>
            <svg:title>no</svg:title></draw:frame>
            """
        #expect(
            try outline(.text("<text:p>Before\(box)\(note) after</text:p>" + table + p("end"))) == [
                "p: Before after", "h3: In the box", "p: First. Second.", "row: Part: Piles; Cost: 410; Cost: 95",
                "p: First. Second.", "row: Part: Piles; Cost: 12; Cost: 3", "p: end",
            ])
    }

    @Test func slidesComeInOrderWithTheirNotes() throws {
        func frame(_ kind: String, _ text: String) -> String {
            "<draw:frame presentation:class=\"\(kind)\"><draw:text-box><text:p>\(text)</text:p></draw:text-box></draw:frame>"
        }
        let hidden = """
            <style:style style:name="dp" style:family="drawing-page"><style:drawing-page-properties
            presentation:visibility="hidden"/></style:style>
            """
        let notes =
            "<presentation:notes>\(frame("notes", "Say this."))\(frame("page-number", "1"))</presentation:notes>"
        let body = """
            <office:presentation><draw:page>\(notes)<draw:g><draw:custom-shape><text:p>shape</text:p></draw:custom-shape></draw:g>
            \(frame("title", "Start"))\(frame("footer", "no"))</draw:page><draw:page draw:style-name="dp">\(frame("title", "no"))
            </draw:page><draw:page>\(frame("outline", "point"))\(frame("title", "End"))</draw:page></office:presentation>
            """
        let bytes = try OpenDocumentFile(body: body, automatic: hidden).bytes(OpenDocumentFile.presentationType)
        #expect(try FormatDetector.detect(bytes: bytes, name: "x", declared: nil) == .odp)
        let text = try TextExtractor.extract(bytes, as: .odp)
        #expect(outlined(text) == ["h1: Start", "p: Say this.", "p: shape", "h2: End", "p: point"])
        #expect(text.blocks.map(\.place.slide) == [1, 1, 1, 3, 3])
    }

    @Test func whatCannotBeReadIsTold() throws {
        func expectUnreadable(_ bytes: [UInt8], _ reason: String) {
            #expect {
                try TextExtractor.extract(bytes, as: .odt)
            } throws: {
                guard case ExtractionError.unreadable(let message) = $0 else { return false }
                return message.contains(reason)
            }
        }
        var file = OpenDocumentFile.text("<text:p>x</text:p>")
        file.manifest = "<m:manifest xmlns:m=\"urn:x\"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
        expectUnreadable(try file.bytes(), "password")
        expectUnreadable(try OpenDocumentFile(body: "<office:text>").bytes(), "not well-formed")
        expectUnreadable(try WordFile.pack(["a": "b"], first: ("mimetype", OpenDocumentFile.textType)), "damaged")
        let deep = String(repeating: "<text:section>", count: 300)
        expectUnreadable(try OpenDocumentFile.text(deep).bytes(), "too deeply")
        #expect(try outline(.text("")).isEmpty)
    }
}
