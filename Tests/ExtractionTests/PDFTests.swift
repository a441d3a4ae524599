import Models
import Platform
import Testing

@testable import Extraction

@Suite(.enabled(if: Command.locate("pdftotext") != nil, "needs the package poppler-utils"))
struct PDFTests {
    private static let pages = PDFFile(pages: [
        [
            "1. Green Tea", "", "Green tea is steeped at eighty degrees, and for no longer than it",
            "takes to pour the next cup.", "", "1",
        ],
        [],
        ["Page 3 of 3", "", "Coffee beans are ground before they are brewed, never after."],
    ])

    private func expectUnreadable(_ bytes: [UInt8], _ word: String) {
        #expect { try TextExtractor.extract(bytes, as: .pdf) } throws: { error in
            guard case ExtractionError.unreadable(let message) = error else { return false }
            return message.contains(word)
        }
    }

    @Test func pagesAreKept() throws {
        #expect(try FormatDetector.detect(bytes: Self.pages.bytes, name: "x", declared: nil) == .pdf)
        let text = try TextExtractor.extract(Self.pages.bytes, as: .pdf)
        #expect(
            outlined(text) == [
                "h2: 1. Green Tea",
                "p: Green tea is steeped at eighty degrees, and for no longer than it takes to pour the next cup.",
                "p: Coffee beans are ground before they are brewed, never after.",
            ])
        #expect(text.blocks.map(\.place.page) == [1, 1, 3])
        #expect(text.warnings.pagesWithoutText == [2])
    }

    @Test func otherDataMayComeBefore() throws {
        let text = try TextExtractor.extract(Array("\r\n\r\nHTTP/1.1 200 OK\n".utf8) + Self.pages.bytes, as: .pdf)
        #expect(text.blocks.map(\.place.page) == [1, 1, 3])
    }

    @Test func passagesTellTheirPage() throws {
        let sentence = "Every page says something of its own about the weather of that day."
        let file = PDFFile(pages: (1...6).map { page in (0..<20).map { "\(sentence) \(page) \($0)." } })
        let text = try TextExtractor.extract(file.bytes, as: .pdf)
        let passages = PassageSplitter.split(text)
        expectBounds(passages, of: text)
        #expect(Set(passages.compactMap(\.place.page)) == Set(1...6))
        for passage in passages { #expect(passage.content.contains("day. \(passage.place.page ?? 0) ")) }
    }

    @Test func pagesWithoutTextAreProbablyScans() { expectUnreadable(PDFFile(pages: [[], []]).bytes, "OCR") }

    @Test func damagedFilesAreUnreadable() {
        expectUnreadable(Array("%PDF-1.7\nnothing else".utf8), "damaged")
        expectUnreadable(Array(Self.pages.bytes.prefix(200)), "damaged")
    }

    @Test func protectedFilesAreUnreadable() throws {
        // The trailer declares encryption by the standard handler (ISO 32000-1, section 7.6.3), with a key that does
        // not match the empty password.
        let encryption =
            "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <\(String(repeating: "61", count: 32))> "
            + "/U <\(String(repeating: "62", count: 32))> >> /ID [<61> <61>]"
        let text = String(decoding: Self.pages.bytes, as: UTF8.self)
        expectUnreadable(Array(text.replacing("/Root 1 0 R", with: "/Root 1 0 R \(encryption)").utf8), "password")
    }
}
