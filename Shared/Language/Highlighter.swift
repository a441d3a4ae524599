import Wire

/// Marks the hits of a query in passages.
public struct Highlighter {
    private let query: SearchQuery
    /// What looks for hits in documents of each language.
    private var marks: [(language: TextLanguage?, marks: HitMarks)] = []
    private let html = ByteBuffer()

    public init(_ query: SearchQuery) { self.query = query }

    /// Returns `content` as escaped HTML with each hit in a `<mark>` element: the words of the query in any form that
    /// it finds, without function words. The words of a phrase must match in sequence, and get one mark.
    ///
    /// - Parameter language: that of the document. Without it, words match in all languages of the query.
    public mutating func highlight(_ content: String, in language: TextLanguage? = nil) -> String {
        let place = marks.firstIndex { $0.language == language } ?? marks.count
        if place == marks.count { marks.append((language, HitMarks(query, in: language))) }
        var content = content
        return content.withUTF8 { utf8 in
            render(utf8, marks: marks[place].marks.ranges(in: utf8))
            return html.text
        }
    }

    private func render(_ utf8: UnsafeBufferPointer<UInt8>, marks: [Range<Int>]) {
        html.removeAll()
        html.reserve(utf8.count + utf8.count / 8 + marks.count * 13)
        var index = 0
        for mark in marks {
            escape(UnsafeBufferPointer(rebasing: utf8[index..<mark.lowerBound]))
            html.append("<mark>")
            escape(UnsafeBufferPointer(rebasing: utf8[mark]))
            html.append("</mark>")
            index = mark.upperBound
        }
        escape(UnsafeBufferPointer(rebasing: utf8[index...]))
    }

    private func escape(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (index, byte) in bytes.enumerated() where byte <= Self.last && Self.special >> UInt64(byte) & 1 != 0 {
            html.append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
            start = index + 1
            switch byte {
            case UInt8(ascii: "&"): html.append("&amp;")
            case UInt8(ascii: "<"): html.append("&lt;")
            case UInt8(ascii: ">"): html.append("&gt;")
            case UInt8(ascii: "\""): html.append("&quot;")
            default: html.append("&#39;")
            }
        }
        html.append(UnsafeBufferPointer(rebasing: bytes[start...]))
    }

    /// A bit for each of `"`, `&`, `'`, `<` and `>`, which is the last of them.
    private static let special: UInt64 = 1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3C | 1 << 0x3E
    private static let last = UInt8(ascii: ">")
}

/// Finds where the clauses of a query hit texts.
private struct HitMarks {
    /// A word of a clause.
    private struct Place {
        /// Of all words, counted through the clauses.
        var number: Int
        var isFirst: Bool
        var isLast: Bool
    }

    private let analyzer: Analyzer
    /// For each term by its hash, the words that it is a form of; the later words of a clause first.
    private var places: [UInt64: [Place]] = [:]
    private var gate = TermGate()
    private var stemmed = InitialLetters.none
    /// For each word, where the text has matched it last.
    private var progress: [(position: Int, start: Int)] = []
    private var marks: [Range<Int>] = []

    private static let nowhere = (position: -2, start: 0)

    init(_ query: SearchQuery, in language: TextLanguage?) {
        analyzer = Analyzer(language.map { [$0] } ?? query.languages)
        for marked in query.marked {
            let words = marked.words.indices
            let first = progress.count
            for _ in words { progress.append(Self.nowhere) }
            for word in words.reversed() {
                let place = Place(
                    number: first + word, isFirst: word == words.first, isLast: word == words.last)
                for term in marked.words[word] {
                    stemmed.insert(ofWordsWith: term.bytes)
                    term.bytes.withUnsafeBufferPointer { bytes in
                        gate.insert(bytes)
                        places[Self.hash(bytes), default: []].append(place)
                    }
                }
            }
        }
    }

    /// The ranges to mark, in ascending order and without overlaps.
    mutating func ranges(in utf8: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard !places.isEmpty else { return [] }
        marks.removeAll(keepingCapacity: true)
        for word in progress.indices { progress[word] = Self.nowhere }
        // A copy, because the analyser calls back while it changes.
        var analyzer = analyzer
        analyzer.terms(of: utf8, stemming: stemmed) { term, occurrence in
            guard gate.admits(term), let places = places[Self.hash(term)] else { return }
            for place in places { match(place, occurrence) }
        }
        return merged()
    }

    /// FNV-1a. A hash stands for its term: of two that share one, the worst that happens is a mark too many.
    private static func hash(_ term: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in term { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }

    private mutating func match(_ place: Place, _ occurrence: TermOccurrence) {
        var start = occurrence.range.lowerBound
        if occurrence.kind == .stem, !(place.isFirst && place.isLast) { return }
        if !place.isFirst {
            let before = progress[place.number - 1]
            guard before.position == occurrence.position - 1 else { return }
            start = before.start
        }
        if place.isLast {
            marks.append(min(start, occurrence.range.lowerBound)..<occurrence.range.upperBound)
        } else {
            progress[place.number] = (occurrence.position, start)
        }
    }

    /// Phrases may overlap, and so may pairs of letters that stand for words.
    private mutating func merged() -> [Range<Int>] {
        marks.sort { $0.lowerBound < $1.lowerBound }
        var merged: [Range<Int>] = []
        for mark in marks {
            if let last = merged.last, mark.lowerBound < last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, mark.upperBound)
            } else {
                merged.append(mark)
            }
        }
        return merged
    }
}

/// The sizes, first and last bytes of some terms: a test that takes less time than hashing, and that most words fail.
private struct TermGate {
    private var bits = [UInt64](repeating: 0, count: 16)

    mutating func insert(_ term: UnsafeBufferPointer<UInt8>) {
        let number = Self.number(of: term)
        bits[number >> 6] |= 1 << UInt64(number & 63)
    }

    /// True for every term that was inserted, and for some others.
    @inline(__always)
    func admits(_ term: UnsafeBufferPointer<UInt8>) -> Bool {
        let number = Self.number(of: term)
        return bits[number >> 6] >> UInt64(number & 63) & 1 != 0
    }

    /// 0 to 1023.
    @inline(__always)
    private static func number(of term: UnsafeBufferPointer<UInt8>) -> Int {
        guard !term.isEmpty else { return 0 }
        return (Int(term[0]) ^ Int(term[term.count - 1]) << 3 ^ term.count << 6) & 1023
    }
}
