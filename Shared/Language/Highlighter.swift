/// Marks the hits of a query in a passage.
public enum Highlighter {
    /// Returns `content` as escaped HTML with each hit in a `<mark>` element: the words of the query in any form that
    /// it finds, without function words. The words of a phrase must match in sequence, and get one mark.
    ///
    /// - Parameter language: that of the document. Without it, words match in all languages of the query.
    public static func highlight(
        _ content: String, for query: SearchQuery, in language: TextLanguage? = nil
    ) -> String {
        var content = content
        return content.withUTF8 { utf8 in
            var marks = HitMarks(query, in: language)
            return render(utf8, marks: marks.ranges(in: utf8))
        }
    }

    private static func render(_ utf8: UnsafeBufferPointer<UInt8>, marks: [Range<Int>]) -> String {
        var html: [UInt8] = []
        html.reserveCapacity(utf8.count + utf8.count / 8 + marks.count * 13)
        var index = 0
        for mark in marks {
            escape(utf8[index..<mark.lowerBound], into: &html)
            html.append(contentsOf: "<mark>".utf8)
            escape(utf8[mark], into: &html)
            html.append(contentsOf: "</mark>".utf8)
            index = mark.upperBound
        }
        escape(utf8[index...], into: &html)
        return String(decoding: html, as: UTF8.self)
    }

    private static func escape(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>, into html: inout [UInt8]
    ) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): html.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): html.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): html.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): html.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): html.append(contentsOf: "&#39;".utf8)
            default: html.append(byte)
            }
        }
    }
}

/// Where the clauses of a query hit a text.
private struct HitMarks {
    /// A word of a clause.
    private struct Place {
        var clause: Int
        var word: Int
        var isLast: Bool
    }

    private var analyzer: Analyzer
    /// For each term by its hash, the words that it is a form of; the later words of a clause first.
    private var places: [UInt64: [Place]] = [:]
    /// For each clause and word, where a text has matched it last.
    private var progress: [[(position: Int, start: Int)]] = []
    private var marks: [Range<Int>] = []

    init(_ query: SearchQuery, in language: TextLanguage?) {
        analyzer = Analyzer(language.map { [$0] } ?? query.languages)
        for (clause, marked) in query.marked.enumerated() {
            progress.append(marked.words.map { _ in (-2, 0) })
            for word in marked.words.indices.reversed() {
                let place = Place(clause: clause, word: word, isLast: word == marked.words.count - 1)
                for term in marked.words[word] {
                    let hash = term.bytes.withUnsafeBufferPointer(Self.hash)
                    places[hash, default: []].append(place)
                }
            }
        }
    }

    /// The ranges to mark, in ascending order and without overlaps.
    mutating func ranges(in utf8: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard !places.isEmpty else { return [] }
        // A copy, because the analyser calls back while it changes.
        var analyzer = analyzer
        _ = analyzer.terms(of: utf8) { term, occurrence in
            guard let places = places[Self.hash(term)] else { return }
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
        if occurrence.kind == .stem, !(place.word == 0 && place.isLast) { return }
        if place.word > 0 {
            let before = progress[place.clause][place.word - 1]
            guard before.position == occurrence.position - 1 else { return }
            start = before.start
        }
        if place.isLast {
            marks.append(min(start, occurrence.range.lowerBound)..<occurrence.range.upperBound)
        } else {
            progress[place.clause][place.word] = (occurrence.position, start)
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
