/// Marks the hits of a query in a passage.
public enum Highlighter {
    /// Returns `content` as escaped HTML with each hit in a `<mark>` element. Significant terms match by stem. The
    /// words of a phrase must match in sequence, and get one mark.
    public static func highlight(_ content: String, for query: SearchQuery) -> String {
        var content = content
        return content.withUTF8 { utf8 in
            let marks = marks(in: Tokenizer.tokens(in: utf8), for: query)
            return render(utf8, marks: marks)
        }
    }

    /// The byte ranges to mark, in ascending order and without overlaps.
    private static func marks(in tokens: [Token], for query: SearchQuery) -> [Range<Int>] {
        let terms = Set(query.significantTerms.map(Stemmer.stem))
        let phrases = query.phrases.map { $0.map(Stemmer.stem) }
        let stems = tokens.map(\.stem)
        var marks: [Range<Int>] = []
        var phraseEnd = 0
        for index in tokens.indices {
            let length = phrases.lazy.filter { matches($0, stems, at: index) }.map(\.count).max()
            let start = tokens[index].range.lowerBound
            if let length {
                add(start..<tokens[index + length - 1].range.upperBound, to: &marks)
                phraseEnd = max(phraseEnd, index + length)
            } else if index >= phraseEnd, terms.contains(stems[index]) {
                add(tokens[index].range, to: &marks)
            }
        }
        return marks
    }

    /// Phrases may overlap, and so may pairs of letters that stand for words.
    private static func add(_ mark: Range<Int>, to marks: inout [Range<Int>]) {
        if let last = marks.last, mark.lowerBound < last.upperBound {
            marks[marks.count - 1] = last.lowerBound..<max(last.upperBound, mark.upperBound)
        } else {
            marks.append(mark)
        }
    }

    private static func matches(_ phrase: [String], _ stems: [String], at index: Int) -> Bool {
        guard index + phrase.count <= stems.count else { return false }
        return phrase.indices.allSatisfy { phrase[$0] == stems[index + $0] }
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
