import Models
import TestSupport
import Testing

@testable import Extraction

/// A handmade PowerPoint presentation.
struct SlideFile {
    /// The shapes of each slide.
    var slides: [String]
    /// Attributes of the slides' roots, by number.
    var attributes: [Int: String] = [:]
    var notes: [Int: String] = [:]
    var layout: String?
    var master: String?
    var diagram: String?

    static let namespaces = """
        xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" \
        xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" \
        xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" \
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" \
        xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        """

    static func relationships(_ list: [(id: String, type: String, target: String)]) -> String {
        let entries = list.map {
            "<Relationship Id=\"\($0.id)\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                + "\($0.type)\" Target=\"\($0.target)\"/>"
        }
        return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + entries.joined() + "</Relationships>"
    }

    /// - Parameter order: the numbers of the slides in the presentation, from 1.
    func bytes(order: [Int]? = nil) throws -> [UInt8] {
        let order = order ?? Array(1...slides.count)
        var parts = [
            "_rels/.rels": Self.relationships([("a", "officeDocument", "ppt/presentation.xml")]),
            "ppt/presentation.xml": "<p:presentation \(Self.namespaces)><p:sldIdLst>"
                + order.map { "<p:sldId id=\"25\($0)\" r:id=\"s\($0)\"/>" }.joined() + "</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": Self.relationships(
                slides.indices.map { ("s\($0 + 1)", "slide", "slides/slide\($0 + 1).xml") }),
        ]
        for (index, shapes) in slides.enumerated() {
            let name = "slide\(index + 1).xml"
            parts["ppt/slides/\(name)"] = Self.part("sld", shapes, attributes[index + 1] ?? "")
            var related: [(String, String, String)] = []
            if let layout {
                parts["ppt/layout.xml"] = Self.part("sldLayout", layout)
                related.append(("l", "slideLayout", "../layout.xml"))
            }
            if let master {
                parts["ppt/master.xml"] = "<p:sldMaster \(Self.namespaces)>\(master)</p:sldMaster>"
                parts["ppt/_rels/layout.xml.rels"] = Self.relationships([("m", "slideMaster", "master.xml")])
            }
            if let diagram {
                parts["ppt/data.xml"] = "<dgm:dataModel \(Self.namespaces)>\(diagram)</dgm:dataModel>"
                related.append(("d", "diagramData", "../data.xml"))
            }
            if let notes = notes[index + 1] {
                parts["ppt/notes\(index).xml"] = Self.part("notes", notes)
                related.append(("n", "notesSlide", "../notes\(index).xml"))
            }
            parts["ppt/slides/_rels/\(name).rels"] = Self.relationships(related)
        }
        return try WordFile.pack(parts)
    }

    private static func part(_ root: String, _ shapes: String, _ attributes: String = "") -> String {
        "<p:\(root) \(namespaces) \(attributes)><p:cSld><p:spTree>\(shapes)</p:spTree></p:cSld></p:\(root)>"
    }

    /// A shape with paragraphs, each with its properties.
    static func shape(_ placeholder: String?, _ paragraphs: [(properties: String, text: String)], own: String = "")
        -> String
    {
        let kind = placeholder.map { "<p:nvPr><p:ph \($0)/></p:nvPr>" } ?? ""
        let text = paragraphs.map { "<a:p>\($0.properties)<a:r><a:t>\($0.text)</a:t></a:r></a:p>" }.joined()
        return
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"x\"/>\(kind)</p:nvSpPr><p:txBody>\(own)\(text)</p:txBody></p:sp>"
    }

    static func title(_ text: String, _ type: String = "title") -> String { shape("type=\"\(type)\"", [("", text)]) }
    static func box(_ text: String) -> String { shape(nil, [("", text)]) }
}

@Suite struct SlideTests {
    private func outline(_ file: SlideFile, order: [Int]? = nil) throws -> [String] {
        let bytes = try file.bytes(order: order)
        #expect(try FormatDetector.detect(bytes: bytes, name: "x", declared: nil) == .pptx)
        let text = try TextExtractor.extract(bytes, as: .pptx)
        return zip(text.blocks, outlined(text)).map { "\($0.place.slide ?? 0) \($1)" }
    }

    @Test func slidesComeInTheOrderOfThePresentation() throws {
        var file = SlideFile(slides: [
            SlideFile.box("first") + SlideFile.title("Start", "ctrTitle"), SlideFile.title("Hidden"),
            SlideFile.title("End") + SlideFile.box("last"),
        ])
        file.attributes = [2: "show=\"0\""]
        #expect(try outline(file) == ["1 h1: Start", "1 p: first", "3 h2: End", "3 p: last"])
        #expect(try outline(file, order: [3, 1, 3]) == ["1 h2: End", "1 p: last", "2 h1: Start", "2 p: first"])
        #expect(try TextExtractor.extract(file.bytes(), as: .pptx).title == "Start")
    }

    @Test func groupsAreReadInPlaceAndMarginsAreLeftOut() throws {
        let inner =
            "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"2\" name=\"y\"/></p:nvGrpSpPr>\(SlideFile.box("b"))"
            + "<p:grpSp>\(SlideFile.box("c"))</p:grpSp></p:grpSp>"
        let hidden =
            "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"2\" name=\"y\" hidden=\"1\"/></p:nvGrpSpPr>"
            + "\(SlideFile.box("no"))</p:grpSp>"
        let margins = ["dt", "ftr", "sldNum"].map { SlideFile.shape("type=\"\($0)\"", [("", "margin")]) }.joined()
        let alternatives =
            "<mc:AlternateContent><mc:Choice Requires=\"x\">\(SlideFile.box("d"))</mc:Choice>"
            + "<mc:Fallback>\(SlideFile.box("twice"))</mc:Fallback></mc:AlternateContent>"
        let number =
            "<p:sp><p:txBody><a:p><a:r><a:t>e</a:t></a:r><a:br/><a:fld type=\"slidenum\"><a:t>7</a:t></a:fld></a:p>"
            + "</p:txBody></p:sp>"
        let slide = SlideFile.box("a") + inner + hidden + margins + alternatives + number
        #expect(try outline(SlideFile(slides: [slide])) == ["a", "b", "c", "d", "e"].map { "1 p: \($0)" })
    }

    @Test func itemsHaveTheMarkersThatAreShown() throws {
        let numbered = "<a:pPr><a:buAutoNum type=\"alphaLcParenR\" startAt=\"2\"/></a:pPr>"
        let paragraphs = [
            ("", "inherits"), ("<a:pPr lvl=\"1\"/>", "below"), ("<a:pPr><a:buNone/></a:pPr>", "plain"),
            (numbered, "one"),
            ("<a:pPr lvl=\"1\"><a:buAutoNum type=\"romanUcPeriod\"/></a:pPr>", "inner"), (numbered, "two"),
            ("<a:pPr lvl=\"2\"/>", "third"),
        ]
        var file = SlideFile(slides: [SlideFile.shape("idx=\"1\"", paragraphs) + SlideFile.box("box")])
        file.layout = SlideFile.shape(
            "idx=\"1\"", [], own: "<a:lstStyle><a:lvl3pPr><a:buNone/></a:lvl3pPr></a:lstStyle>")
        file.master = """
            <p:txStyles><p:titleStyle/><p:bodyStyle><a:lvl1pPr><a:buChar char="•"/></a:lvl1pPr><a:lvl2pPr><a:buChar char="–"/>
            </a:lvl2pPr><a:lvl3pPr><a:buChar char="•"/></a:lvl3pPr></p:bodyStyle></p:txStyles>
            """
        #expect(
            try outline(file) == [
                "1 li: - inherits", "1 li: - below", "1 p: plain", "1 li: b) one", "1 li: I. inner", "1 li: c) two",
                "1 p: third", "1 p: box",
            ])
    }

    @Test func tablesDiagramsAndNotesAreRead() throws {
        func cell(_ text: String, _ attributes: String = "") -> String {
            "<a:tc \(attributes)><a:txBody><a:p><a:r><a:t>\(text)</a:t></a:r></a:p></a:txBody></a:tc>"
        }
        func row(_ cells: [String]) -> String { "<a:tr>\(cells.joined())</a:tr>" }
        let rows = [
            row([cell("Part"), cell("Cost", "gridSpan=\"2\""), cell("", "hMerge=\"1\"")]),
            row([cell("Piles", "rowSpan=\"2\""), cell("410"), cell("95")]),
            row([cell("gone", "vMerge=\"1\""), cell("12"), cell("3")]),
        ]
        let table =
            "<p:graphicFrame><a:graphic><a:tbl><a:tblPr firstRow=\"1\"/>\(rows.joined())</a:tbl></a:graphic>"
            + "</p:graphicFrame>"
        let frame = "<p:graphicFrame><a:graphic><dgm:relIds r:dm=\"d\"/></a:graphic></p:graphicFrame>"
        func node(_ id: String, _ text: String) -> String {
            "<dgm:pt modelId=\"\(id)\"><dgm:t><a:p><a:r><a:t>\(text)</a:t></a:r></a:p></dgm:t></dgm:pt>"
        }
        func edge(_ from: String, _ to: String, _ place: Int) -> String {
            "<dgm:cxn srcId=\"\(from)\" destId=\"\(to)\" srcOrd=\"\(place)\"/>"
        }
        var file = SlideFile(slides: [SlideFile.title("T") + table + frame + frame])
        file.notes = [
            1: SlideFile.shape("type=\"sldImg\"", [("", "picture")])
                + SlideFile.shape("type=\"body\"", [("", "Say this.")])
        ]
        // A circle, which ends nowhere.
        file.diagram =
            node("3", "third") + node("2", "second") + node("1", "first")
            + "<dgm:pt modelId=\"0\" type=\"doc\"/>" + edge("0", "1", 0) + edge("0", "3", 2) + edge("1", "2", 0)
            + edge("2", "1", 0)
        #expect(
            try outline(file) == [
                "1 h2: T", "1 row: Part: Piles; Cost: 410; Cost: 95", "1 row: Part: Piles; Cost: 12; Cost: 3",
                "1 li: - first", "1 li: - second", "1 li: - third", "1 p: Say this.",
            ])
    }

    @Test func damageIsTold() throws {
        func expectUnreadable(_ parts: [String: String], _ reason: String) throws {
            let bytes = try WordFile.pack(parts)
            #expect {
                try TextExtractor.extract(bytes, as: .pptx)
            } throws: {
                guard case ExtractionError.unreadable(let message) = $0 else { return false }
                return message.contains(reason)
            }
        }
        let presentation = "<p:presentation \(SlideFile.namespaces)><p:sldId r:id=\"s\"/></p:presentation>"
        let rels = SlideFile.relationships([("s", "slide", "slides/a.xml")])
        try expectUnreadable(["ppt/presentation.xml": "<p"], "not well-formed")
        try expectUnreadable(["a": "b"], "no text part")
        let missing = ["ppt/presentation.xml": presentation, "ppt/_rels/presentation.xml.rels": rels]
        try expectUnreadable(missing, "slide 1 is missing")
        let deep = String(repeating: "<p:grpSp>", count: 300)
        try expectUnreadable(
            missing.merging(["ppt/slides/a.xml": "<p:sld \(SlideFile.namespaces)><p:spTree>\(deep)"]) { $1 },
            "too deeply")
        let empty = try WordFile.pack(["ppt/presentation.xml": "<p:presentation \(SlideFile.namespaces)/>"])
        #expect(try TextExtractor.extract(empty, as: .pptx).text.isEmpty)
    }

    /// A diagram that is shown again and again is read once; a slide of many shapes stays a bounded number of blocks.
    @Test(.timeLimit(.minutes(1))) func manyShapesStayBounded() throws {
        let frame = "<p:graphicFrame><a:graphic><dgm:relIds r:dm=\"d\"/></a:graphic></p:graphicFrame>"
        var file = SlideFile(slides: [String(repeating: SlideFile.box("x") + frame, count: 20_000)])
        file.diagram = String(
            repeating: "<dgm:pt modelId=\"1\"><dgm:t><a:p><a:r><a:t>word</a:t></a:r></a:p></dgm:t></dgm:pt>", count: 900
        )
        let text = try TextExtractor.extract(file.bytes(), as: .pptx)
        #expect(text.text.utf8.count < 200_000)
    }
}
