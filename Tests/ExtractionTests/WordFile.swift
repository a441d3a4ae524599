import TestSupport

/// A handmade Word document: the parts that a test is about, packed by Python.
struct WordFile {
    /// The content of the body.
    var body: String
    var styles: String?
    var footnotes: String?
    var numbering: String?
    var mainPart = "word/document.xml"
    var declarations = namespaces

    static let namespaces = """
        xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" \
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" \
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" \
        xmlns:v="urn:schemas-microsoft-com:vml" \
        xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"
        """
    private static let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    init(_ body: String, styles: String? = nil, footnotes: String? = nil, numbering: String? = nil) {
        self.body = body
        self.numbering = numbering
        self.styles = styles
        self.footnotes = footnotes
    }

    func bytes() throws -> [UInt8] {
        var parts = [
            "_rels/.rels": Self.relationships([("officeDocument", mainPart)]),
            mainPart: "<w:document \(declarations)><w:body>\(body)</w:body></w:document>",
        ]
        var related: [(String, String)] = []
        if let styles {
            parts["word/styles.xml"] = "<w:styles \(declarations)>\(styles)</w:styles>"
            related.append(("styles", "styles.xml"))
        }
        if let footnotes {
            parts["word/notes/foot.xml"] = "<w:footnotes \(declarations)>\(footnotes)</w:footnotes>"
            related.append(("footnotes", "/word/./notes/x/../foot.xml"))
        }
        if let numbering {
            parts["word/numbering.xml"] = "<w:numbering \(declarations)>\(numbering)</w:numbering>"
            related.append(("numbering", "numbering.xml"))
        }
        let name = mainPart.split(separator: "/").last ?? ""
        parts["word/_rels/\(name).rels"] = Self.relationships(related)
        return try Self.pack(parts)
    }

    private static func relationships(_ list: [(type: String, target: String)]) -> String {
        let entries = list.map { "<Relationship Type=\"\(relations)/\($0.type)\" Target=\"\($0.target)\" Id=\"x\"/>" }
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
            \(entries.joined())</Relationships>
            """
    }

    /// A ZIP archive of these members.
    ///
    /// - Parameter first: a member that comes before them and is not compressed.
    static func pack(_ parts: [String: String], first: (name: String, content: String)? = nil) throws -> [UInt8] {
        let script = """
            import io, sys, zipfile
            fields = sys.stdin.buffer.read().split(b"\\0")
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in zip(fields[::2], fields[1::2]):
                    method = zipfile.ZIP_STORED if name == b"mimetype" else zipfile.ZIP_DEFLATED
                    archive.writestr(name.decode(), content, method)
            sys.stdout.buffer.write(file.getvalue())
            """
        let fields =
            (first.map { [$0.name, $0.content] } ?? [])
            + parts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        return try Python.output(script, input: Array(fields.joined(separator: "\0").utf8))
    }
}
