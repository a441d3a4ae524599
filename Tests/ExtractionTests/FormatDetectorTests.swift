import Models
import Testing

@testable import Extraction

struct FormatDetectorTests {
    private func detect(
        _ bytes: [UInt8], _ name: String = "file", _ declared: String? = nil
    ) throws(ExtractionError) -> DocumentType {
        try FormatDetector.detect(bytes: bytes, name: name, declared: declared)
    }

    @Test(arguments: [
        ("%PDF-1.7\n\0\u{1}", DocumentType.pdf), ("{\\rtf1 x}", .rtf),
        ("<!DOCTYPE html><p>x", .html), ("  <HTML lang=en>", .html), ("<p>x</p>", .html),
        ("<!-- c --><div>", .html), ("{\"a\": [1, true]}", .json), ("[1, 2]\n", .json),
        ("[link](x) and text", .text), ("{not json}", .text), ("plain words", .text), ("", .text),
        ("{\"a\":1}\n{\"a\":2}\n", .json), ("[1] and [2]", .text), ("%PDF-1.7\n1 0 obj\n%%EOF\n", .pdf),
    ])
    func bytesDecideFirst(text: String, type: DocumentType) throws {
        #expect(try detect(Array(text.utf8)) == type)
    }

    @Test(
        arguments: [
            ("notes.md", nil, DocumentType.markdown), ("A.B.CSV", nil, .csv), ("x.tsv", nil, .csv),
            ("x", "text/markdown; charset=utf-8", .markdown),
            ("x.bin", "application/octet-stream", .text),
            ("x.txt", "text/csv", .text), ("mail.eml", nil, .eml), ("x.json", nil, .json),
            ("x", "application/pdf", .text),
        ] as [(String, String?, DocumentType)])
    func thenTheNameAndTheDeclaration(name: String, declared: String?, type: DocumentType) throws {
        #expect(try detect(Array("some text".utf8), name, declared) == type)
    }

    @Test(arguments: ["report.pdf", "Report.DOCX"]) func whatIsNotWhatItsNameSaysIsUnreadable(name: String) throws {
        for content in ["", "some text"] {
            #expect {
                try detect(Array(content.utf8), name)
            } throws: { error in
                guard case ExtractionError.unreadable(let reason) = error else { return false }
                return reason.contains("name says that it is")
            }
            #expect(try detect(Array(content.utf8), name, "text/plain") == .text, "a name to show is no claim")
        }
    }

    @Test(arguments: ["\u{FEFF}", "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"])
    func otherDataBeforeAPDFIsSkipped(start: String) throws {
        let file = Array("\(start)%PDF-1.7\n1 0 obj\n\0%%EOF\n".utf8)
        #expect(try detect(file, "scan.pdf") == .pdf)
        let far = Array(String(repeating: "x\n", count: 600).utf8) + file
        #expect(throws: ExtractionError.self) { try detect(far, "scan.pdf") }
    }

    @Test func aNameDoesNotOverruleTheBytes() throws {
        #expect(try detect(Array("<!doctype html><p>".utf8), "page.txt") == .html)
        #expect(try detect(Array("<p align=center>Logo</p>".utf8), "README.md") == .markdown)
        #expect(try detect(Array("{\"a\":1}\n{\"a\":2}\n".utf8), "data.txt", "application/x-ndjson") == .json)
    }

    @Test(arguments: [
        "RIFF stands for Resource Interchange File Format.", "ID3 tags hold the title.",
        "GIF89a is a format of images.",
        "BZh is how bzip2 begins.", "Rar! is how RAR begins.", "SQLite format 3 is stable.", "OggS begins a page.",
        "7z archives are small.", "%PDF-1.4 is how PDF begins.", "{\\rtf1 begins RTF, and } ends it.",
        "PK is a signature.",
        "\u{FFFD}PNG", "ÿØÿ in an old encoding",
    ])
    func aTextAboutAFormatIsText(text: String) throws {
        for name in ["notes.txt", "notes", "notes.md"] {
            #expect([.text, .markdown].contains(try detect(Array(text.utf8), name)), "\(name)")
        }
    }

    @Test(
        arguments: [
            ("index.tsx", "<div>\n  <Orders limit={20} />\n</div>\n"),
            ("list.jsx", "<ul>{items.map(i => <Item/>)}</ul>\n"),
            ("page.vue", "<script>\nexport default {}\n</script>\n"), ("component", "<div>{name}</div>"),
            ("data.xml", "<?xml version=\"1.0\"?><items><html>x</html></items>"),
            ("data.xml", "<body><item>1</item></body>"),
            ("README", "<p align=center>Logo</p>\n\n# Project\n\nText.\n"), ("icon.svg", "<svg><title>x</title></svg>"),
            ("notes.txt", "<html> is the root element of a page."), ("notes.txt", "<b>Note</b> that it is cold."),
            ("rules.xyz", "<p>a</p>"), ("notes.txt", "<!-- a remark -->\nText\n"),
            ("mail", "<a@example.org> wrote: x>"),
        ])
    func notEverythingWithTagsIsAPage(name: String, text: String) throws {
        #expect(try detect(Array(text.utf8), name) == .text)
    }

    @Test(
        arguments: [
            ("page.txt", "<html><head><title>x</title></head></html>"),
            ("page.md", "<!-- saved -->\n<!DOCTYPE html>\n<p>x"),
            ("page", "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">\n<html/>"),
            ("page.php", "<!doctype html>\n<title>x</title>"), ("part.html", "<div>{name}</div>"),
            ("part.htm", "words only"),
        ])
    func pagesAreHTMLWhateverTheirName(name: String, text: String) throws {
        #expect(try detect(Array(text.utf8), name) == .html)
    }

    @Test func aDeclarationMakesAFragmentHTML() throws {
        #expect(try detect(Array("<p>a</p>\nmore".utf8), "part", "text/html") == .html)
    }

    @Test(
        arguments: [
            [0x89, 0x50, 0x4E, 0x47, 13, 10, 0x1A, 10], [0x7F, 0x45, 0x4C, 0x46, 2], [65, 66, 0, 67],
            [0xD0, 0xCF, 0x11, 0xE0], [1, 2, 3, 4, 5], [0x1F, 0x8B, 8], Array("RIFF".utf8) + [0, 1, 0, 0],
            Array("BZh91AY&SY".utf8) + [0x10, 0xC2],
        ] as [[UInt8]])
    func binaryFilesAreUnsupported(bytes: [UInt8]) {
        #expect { try detect(bytes, "notes.txt", "text/plain") } throws: { error in
            guard case ExtractionError.unsupported = error else { return false }
            return true
        }
    }

    @Test func utf16IsText() throws {
        #expect(try detect([0xFF, 0xFE, 0x48, 0, 0x69, 0]) == .text)
        #expect(try detect([0xFE, 0xFF, 0, 0x7B, 0, 0x7D]) == .json)
    }

    @Test(arguments: [
        ("word/document.xml", DocumentType.docx), ("xl/workbook.xml", .xlsx),
        ("ppt/presentation.xml", .pptx), ("META-INF/container.xml", .epub),
    ])
    func officeFilesAreToldApartByTheirMembers(member: String, type: DocumentType) throws {
        #expect(try detect(Archive.bytes(["[Content_Types].xml", member])) == type)
    }

    @Test func openDocumentTellsItsType() throws {
        let bytes = Archive.bytes(["mimetype"], content: DocumentType.odt.mimeType)
        #expect(try detect(bytes) == .odt)
    }

    @Test func noTwoFormatsShareAnExtensionOrAMediaType() {
        for claims in [Format.all.flatMap(\.extensions), Format.all.flatMap(\.mediaTypes)] {
            #expect(claims.count == Set(claims).count)
        }
    }

    @Test func otherAndDamagedArchivesAreRefused() {
        #expect(throws: ExtractionError.self) { try detect(Archive.bytes(["a.txt"])) }
        let damaged = Array(Archive.bytes(["word/document.xml"]).dropLast(30))
        #expect(throws: ExtractionError.unreadable("The file is damaged or incomplete.")) {
            try detect(damaged)
        }
    }
}

/// A ZIP archive of uncompressed members.
private enum Archive {
    static func bytes(_ names: [String], content: String = "") -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for name in names {
            let offset = bytes.count
            let sizes = word(content.utf8.count) + word(content.utf8.count)
            bytes += [0x50, 0x4B, 3, 4] + zeros(14) + sizes
            bytes += half(name.utf8.count) + half(0) + Array(name.utf8) + Array(content.utf8)
            directory += [0x50, 0x4B, 1, 2] + zeros(16) + sizes
            directory += half(name.utf8.count) + zeros(12) + word(offset) + Array(name.utf8)
        }
        let end =
            zeros(4) + half(names.count) + half(names.count) + word(directory.count)
            + word(bytes.count) + half(0)
        return bytes + directory + [0x50, 0x4B, 5, 6] + end
    }

    private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }
    private static func half(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
    private static func word(_ value: Int) -> [UInt8] { half(value & 0xFFFF) + half(value >> 16) }
}
