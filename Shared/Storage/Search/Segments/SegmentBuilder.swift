/// Builds a segment from the terms of passages, in memory.
struct SegmentBuilder {
    private struct Occurrence {
        var term: UInt32
        var ordinal: UInt32
        var place: UInt32
    }

    private let terms = TermTable()
    private var occurrences: [Occurrence] = []
    private var table = PassageTableWriter()
    private var tablePages: [SegmentPage] = []
    private var languages: UInt64 = 0
    private var document = DocumentKey(high: 0, low: 0)
    private var position = 0
    private var lengths = PerField<UInt32>(0, 0, 0)

    /// A place is a field and a position plus one; 0 for no position.
    private static let fieldShift: UInt32 = 29
    private static let maximumPosition: UInt32 = 1 << 29 - 2

    init() {}

    /// The number of passages so far.
    var passages: Int { table.header.passages }

    /// Begins a passage, the next one in its segment.
    mutating func begin(_ document: DocumentKey, position: Int) {
        (self.document, self.position) = (document, position)
        lengths = PerField(0, 0, 0)
    }

    /// Adds an occurrence of a term in the current passage. Those of one field come together, in the order of
    /// `IndexField`, and those of one term in the order of their positions.
    ///
    /// - Parameter position: nil for a term that phrases do not find.
    @inline(__always)
    mutating func add(_ term: UnsafeBufferPointer<UInt8>, in field: IndexField, at position: Int?) {
        let term = UnsafeBufferPointer(start: term.baseAddress, count: min(term.count, SegmentFormat.termBytes))
        let place = position.map { min(UInt32(clamping: $0), Self.maximumPosition) + 1 } ?? 0
        occurrences.append(
            Occurrence(
                term: terms.number(of: term), ordinal: UInt32(table.header.passages),
                place: UInt32(field.rawValue) << Self.fieldShift | place))
    }

    /// Sets the number of positions in a field of the current passage.
    mutating func setLength(_ length: Int, of field: IndexField) { lengths[field] = UInt32(clamping: length) }

    /// Ends the current passage.
    ///
    /// - Parameter languages: a bit for each language of its document.
    mutating func end(languages: UInt64 = 0) throws {
        self.languages |= languages
        var pages: [SegmentPage] = []
        try table.add(document, position: position, lengths: lengths) { pages.append($0) }
        tablePages += pages
    }

    /// The packed segment. Call it once.
    mutating func finish() throws -> PreparedSegment {
        var pages: [SegmentPage] = []
        var header = try table.finish { pages.append($0) }
        pages = tablePages + pages
        let sink = PageSink(pages)
        var writer = SegmentWriter(passages: header.passages)
        try writeTerms(to: &writer) { sink.pages.append($0) }
        try writer.finish { sink.pages.append($0) }
        header.languages = languages
        header.positionBytes = writer.positionBytes
        return PreparedSegment(header: header, pages: sink.pages)
    }

    private final class PageSink {
        var pages: [SegmentPage]
        init(_ pages: [SegmentPage]) { self.pages = pages }
    }

    private func writeTerms(to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void) throws {
        // Sorts by term, keeping the order within a term (counting sort).
        var starts = [Int](repeating: 0, count: terms.count + 1)
        for occurrence in occurrences { starts[Int(occurrence.term) + 1] += 1 }
        for index in 0..<terms.count { starts[index + 1] += starts[index] }
        var next = starts
        let count = occurrences.count
        let sorted = UnsafeMutablePointer<(ordinal: UInt32, place: UInt32)>.allocate(capacity: max(1, count))
        defer { sorted.deallocate() }
        for occurrence in occurrences {
            let term = Int(occurrence.term)
            sorted[next[term]] = (occurrence.ordinal, occurrence.place)
            next[term] += 1
        }
        for term in terms.sorted() {
            let list = UnsafeMutableBufferPointer(
                start: sorted + starts[Int(term)], count: starts[Int(term) + 1] - starts[Int(term)])
            let kind = Self.kind(of: list)
            terms.withTerm(term) { writer.begin($0, kind) }
            try Self.writePostings(of: list, kind, to: &writer, sink)
            try writer.end(to: sink)
        }
    }

    private static func kind(of list: UnsafeMutableBufferPointer<(ordinal: UInt32, place: UInt32)>) -> PositionKind {
        var (with, without) = (false, false)
        for item in list {
            if item.place & (1 << fieldShift - 1) == 0 { without = true } else { with = true }
        }
        return with ? (without ? .some : .all) : .none
    }

    private static func writePostings(
        of list: UnsafeMutableBufferPointer<(ordinal: UInt32, place: UInt32)>, _ kind: PositionKind,
        to writer: inout SegmentWriter, _ sink: (SegmentPage) throws -> Void
    ) throws {
        var start = 0
        while start < list.count {
            let ordinal = list[start].ordinal
            var hits = PerField<UInt32>(0, 0, 0)
            var end = start
            while end < list.count, list[end].ordinal == ordinal {
                switch list[end].place >> fieldShift {
                case 0: hits.content += 1
                case 1: hits.heading += 1
                default: hits.name += 1
                }
                // Usually in order already.
                var index = end
                while index > start, list[index].place < list[index - 1].place {
                    list.swapAt(index, index - 1)
                    index -= 1
                }
                end += 1
            }
            try writer.add(Int(ordinal), hits, to: sink)
            if kind != .none {
                writer.withPositions { writePositions(of: list[start..<end], kind, hits, to: &$0) }
            }
            start = end
        }
    }

    private static func writePositions(
        of list: Slice<UnsafeMutableBufferPointer<(ordinal: UInt32, place: UInt32)>>, _ kind: PositionKind,
        _ hits: PerField<UInt32>, to writer: inout PackedWriter
    ) {
        let mask: UInt32 = 1 << fieldShift - 1
        if kind == .some {
            for field in IndexField.allCases where hits[field] > 0 {
                writer.varint(
                    list.count { $0.place >> fieldShift == UInt32(field.rawValue) && $0.place & mask > 0 })
            }
        }
        var (field, last): (UInt32, UInt32) = (UInt32.max, 0)
        for item in list where item.place & mask > 0 {
            if item.place >> fieldShift != field { (field, last) = (item.place >> fieldShift, 0) }
            let position = item.place & mask - 1
            writer.varint(position - last)
            last = position
        }
    }
}

/// A packed segment that is not stored yet.
struct PreparedSegment {
    var header: SegmentHeader
    var pages: [SegmentPage]

    /// The size of its pages, in bytes.
    var size: Int { pages.reduce(0) { $0 + $1.data.count + $1.term.count } }
    /// Whether its pages fit in its header.
    var isSmall: Bool { size + pages.count * 8 <= SegmentFormat.headerPages }
}
