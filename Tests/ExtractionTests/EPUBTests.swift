import Models
import Testing

@testable import Extraction

/// A handmade book.
struct BookFile {
    /// The bodies of the chapters, which are the files `text/1.xhtml`, `text/2.xhtml`, …
    var chapters: [String]
    /// The references of the spine; nil for all chapters in order.
    var spine: String?
    /// Elements beside the chapters' in the manifest.
    var items = ""
    var others: [String: String] = [:]
    var documentType = ""

    func bytes() throws -> [UInt8] {
        let ids = 1...chapters.count
        let manifest = ids.map {
            "<item id=\"c\($0)\" href=\"text/%63hapter%20\($0).xhtml\" media-type=\"application/xhtml+xml\"/>"
        }.joined()
        let spine = spine ?? ids.map { "<itemref idref=\"c\($0)\"/>" }.joined()
        var parts = [
            "META-INF/container.xml": """
            <container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile
            full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
            """,
            "OPS/book.opf": """
            <?xml version="1.0"?>\(documentType)<package xmlns="http://www.idpf.org/2007/opf"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title> The &amp; book </dc:title></metadata>
            <manifest>\(manifest)\(items)</manifest><spine toc="ncx">\(spine)</spine></package>
            """,
        ]
        for (index, body) in chapters.enumerated() {
            parts["OPS/text/chapter \(index + 1).xhtml"] = """
                <?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>
                <title/></head><body>\(body)</body></html>
                """
        }
        return try WordFile.pack(parts.merging(others) { $1 }, first: ("mimetype", "application/epub+zip"))
    }
}

@Suite struct EPUBTests {
    private func read(_ book: BookFile) throws -> ExtractedText {
        let bytes = try book.bytes()
        #expect(try FormatDetector.detect(bytes: bytes, name: "x", declared: nil) == .epub)
        return try TextExtractor.extract(bytes, as: .epub)
    }

    @Test func chaptersComeInTheOrderOfTheSpine() throws {
        var book = BookFile(chapters: ["<h1>One</h1><p>a</p>", "<h2>Two</h2>", "<p>answers</p>"])
        book.spine =
            "<itemref idref=\"c2\"/><itemref idref=\"c3\" linear=\"no\"/><itemref idref=\"c1\"/><itemref idref=\"c1\"/>"
        let text = try read(book)
        #expect(outlined(text) == ["h2: Two", "h1: One", "p: a"])
        #expect(text.title == "The & book")
        book.documentType = "<!DOCTYPE package PUBLIC \"+//ISBN 0-9673008-1-9//DTD OEB 1.2 Package//EN\" \"x.dtd\">"
        #expect(outlined(try read(book)).count == 3)
        book.documentType = "<!DOCTYPE package [<!ENTITY a \"b\">]>"
        #expect(throws: ExtractionError(.documentType)) { try read(book) }
    }

    @Test func chaptersHaveTheNamesOfTheTableOfContents() throws {
        var book = BookFile(chapters: ["<p>a</p>", "<p>b</p>", "<p>c</p>"])
        book.items = "<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>"
        book.others["OPS/toc.ncx"] = """
            <?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "x"><ncx><navMap><navPoint><navLabel><text>First
            &amp; foremost</text></navLabel><content src="text/chapter%201.xhtml"/></navPoint><navPoint><navLabel><text>Third</text>
            </navLabel><content src="text/chapter%203.xhtml#here"/></navPoint></navMap></ncx>
            """
        #expect(try read(book).blocks.map(\.place.chapter) == ["First & foremost", "First & foremost", "Third"])
        book.items += "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"x nav\"/>"
        book.others["OPS/nav.xhtml"] = """
            <html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="text/chapter 2.xhtml"><b>Second</b></a></li></ol>
            </nav></body></html>
            """
        #expect(try read(book).blocks.map(\.place.chapter) == [nil, "Second", "Second"])
    }

    private static func encryption(_ algorithm: String, _ file: String) -> String {
        """
        <encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
        <enc:EncryptedData><enc:EncryptionMethod Algorithm="\(algorithm)"/><enc:CipherData><enc:CipherReference URI="\(file)"/>
        </enc:CipherData></enc:EncryptedData></encryption>
        """
    }

    @Test func protectedBooksAreRefused() throws {
        var book = BookFile(chapters: ["<p>a</p>"])
        let file = "META-INF/encryption.xml"
        book.others[file] = Self.encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/text/chapter%201.xhtml")
        #expect {
            try read(book)
        } throws: {
            guard case ExtractionError.unreadable(let message) = $0 else { return false }
            return message.contains("DRM")
        }
        book.others[file] = Self.encryption("http://www.idpf.org/2008/embedding", "OPS/text/chapter%201.xhtml")
        #expect(outlined(try read(book)) == ["p: a"], "a masked font")
        book.others[file] = Self.encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/image.jpg")
        #expect(outlined(try read(book)) == ["p: a"])
    }

    @Test func damageIsTold() throws {
        var book = BookFile(chapters: ["<p>a</p>", "<p>b</p>"])
        book.items = "<item id=\"gone\" href=\"gone.xhtml\" media-type=\"application/xhtml+xml\"/>"
        book.spine = "<itemref idref=\"c1\"/><itemref idref=\"gone\"/>"
        let text = try read(book)
        #expect(outlined(text) == ["p: a"])
        #expect(text.warnings.skippedParts == ["the chapter OPS/gone.xhtml, which is missing"])
        book.spine = "<itemref idref=\"gone\"/>"
        #expect(throws: ExtractionError.unreadable("The book is damaged: its chapters are missing.")) { try read(book) }
        book.spine = ""
        #expect(try read(book).text.isEmpty)
        book.others["META-INF/container.xml"] = "<container/>"
        #expect(throws: ExtractionError.unreadable("The book is damaged: the list of its chapters is missing.")) {
            try read(book)
        }
    }
}
