import Language
import Models

/// Turns passages into a packed segment. Needs no database, so it runs before a write takes the lock.
struct PassageAnalysis {
    private struct Occurrence {
        var start: Int
        var end: Int
        var position: Int?
    }

    private var analyzer: Analyzer
    private let languages: UInt64
    private var builder = SegmentBuilder()
    /// The terms of the name, and of the heading of the passage before, which mostly is that of the next one, too.
    private var name = Terms()
    private var heading = Terms()
    private var lastHeading: String?

    /// The terms of a text that is indexed with several passages.
    private struct Terms {
        var bytes: [UInt8] = []
        var occurrences: [Occurrence] = []
        var length = 0
    }

    /// - Parameters:
    ///   - name: of the document.
    ///   - languages: those that its words are stemmed in.
    init(name: String, languages: [TextLanguage]) {
        analyzer = Analyzer(languages)
        self.languages = languages.reduce(0) { $0 | $1.segmentBit }
        self.name = terms(of: name)
    }

    /// Adds the next passage.
    mutating func add(_ passage: Passage) throws {
        builder.begin(DocumentKey(passage.documentId), position: passage.position.index)
        var length = analyze(passage.content, from: 0)
        builder.setLength(length, of: .content)
        if let variants = passage.variants {
            // Other readings, which no phrase reaches from the text or from one another.
            var rest = variants.utf8[...]
            while !rest.isEmpty {
                let (part, next) = Self.split(rest)
                length += 1 + analyze(String(Substring(part)), from: length + 1)
                rest = next
            }
        }
        if passage.position.heading != lastHeading {
            lastHeading = passage.position.heading
            heading = terms(of: lastHeading ?? "")
        }
        add(heading, in: .heading)
        add(name, in: .name)
        try builder.end(languages: languages)
    }

    var passages: Int { builder.passages }

    mutating func finish() throws -> PreparedSegment { try builder.finish() }

    /// Adds the terms of a text to the content. Returns its length.
    private mutating func analyze(_ text: String, from offset: Int) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            analyzer.terms(of: bytes) { term, occurrence in
                builder.add(
                    term, in: .content, at: occurrence.kind == .stem ? nil : offset + occurrence.position)
            }
        }
    }

    private mutating func terms(of text: String) -> Terms {
        var (terms, text) = (Terms(), text)
        terms.length = text.withUTF8 { bytes in
            analyzer.terms(of: bytes) { term, occurrence in
                let start = terms.bytes.count
                terms.bytes.append(contentsOf: term)
                terms.occurrences.append(
                    Occurrence(
                        start: start, end: terms.bytes.count,
                        position: occurrence.kind == .stem ? nil : occurrence.position))
            }
        }
        return terms
    }

    private mutating func add(_ terms: Terms, in field: IndexField) {
        terms.bytes.withUnsafeBufferPointer { bytes in
            for occurrence in terms.occurrences {
                builder.add(
                    UnsafeBufferPointer(rebasing: bytes[occurrence.start..<occurrence.end]), in: field,
                    at: occurrence.position)
            }
        }
        builder.setLength(terms.length, of: field)
    }

    /// The text before the first separator, and what follows it.
    private static func split(_ text: Substring.UTF8View) -> (part: Substring.UTF8View, rest: Substring.UTF8View) {
        // U+E000, which is three bytes.
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].starts(with: [0xEE, 0x80, 0x80] as [UInt8]) {
                return (text[..<index], text[text.index(index, offsetBy: 3)...])
            }
            text.formIndex(after: &index)
        }
        return (text, text[text.endIndex...])
    }
}

extension TextLanguage {
    /// The bit that stands for the language in a segment's header; none if the index has no stems of it.
    var segmentBit: UInt64 { stemByte.map { $0 < 64 ? 1 << UInt64($0) : 0 } ?? 0 }
}

/// How a document is indexed: under its name, with the stems of its language.
public struct DocumentAnalysis {
    let name: String
    let language: TextLanguage?
    /// The languages that its words are stemmed in: several if its own is uncertain.
    let languages: [TextLanguage]

    /// - Parameters:
    ///   - language: of the text; nil if it is not known.
    ///   - texts: of all passages.
    public init(name: String, language: TextLanguage?, texts: [String]) {
        (self.name, self.language) = (name, language)
        languages = language.map { [$0] } ?? TextLanguage.candidates(in: Self.sample(of: texts))
    }

    public init(of document: Document, texts: [String]) {
        self.init(
            name: document.name, language: document.language.flatMap(TextLanguage.init(rawValue:)), texts: texts)
    }

    /// Finds out the language.
    init(name: String, detectingIn texts: [String]) {
        self.init(name: name, language: TextLanguage.detect(in: Self.sample(of: texts)), texts: texts)
    }

    /// Passages from all over the document.
    private static func sample(of texts: [String]) -> [UInt8] {
        let step = max(1, texts.count / sampledPassages)
        var sample: [UInt8] = []
        for index in stride(from: 0, to: texts.count, by: step) {
            sample += texts[index].utf8
            sample.append(UInt8(ascii: "\n"))
        }
        return sample
    }

    private static let sampledPassages = 64

    /// Analyses passages of the document.
    public func prepare(_ passages: [Passage]) throws -> PreparedPassages { try PreparedPassages(passages, self) }
}

/// Passages with their segments, ready to be written.
public struct PreparedPassages {
    let passages: [Passage]
    let segments: [PreparedSegment]
    let analysis: DocumentAnalysis

    /// The most passages of a segment that a write makes, and the size of their text in bytes.
    private static let segmentPassages = 4000
    private static let segmentBytes = 4 << 20

    fileprivate init(_ passages: [Passage], _ analysis: DocumentAnalysis) throws {
        var segments: [PreparedSegment] = []
        var current = PassageAnalysis(name: analysis.name, languages: analysis.languages)
        var bytes = 0
        for passage in passages {
            if current.passages >= Self.segmentPassages || bytes > Self.segmentBytes {
                segments.append(try current.finish())
                (current, bytes) = (PassageAnalysis(name: analysis.name, languages: analysis.languages), 0)
            }
            try current.add(passage)
            bytes += passage.content.utf8.count
        }
        if current.passages > 0 { segments.append(try current.finish()) }
        (self.passages, self.segments, self.analysis) = (passages, segments, analysis)
    }
}
