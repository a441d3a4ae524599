/// The postings of a term in a window of ordinals, of which it has many: for each ordinal a few bits that tell how often
/// the content has the term. A processor unpacks many of them at once, so a common word costs a fraction of a nanosecond
/// for each passage, and it takes less space than a list.
///
/// The first byte: the number of ordinals in units of 64, less one, in four bits; a bit that tells whether codes have
/// four bits or two. Then:
/// - the sizes of the positions of each quarter of the window, in bytes, unless the term has none;
/// - the size of what follows the codes, in bytes;
/// - the codes: of `n` ordinals with `k` codes in a byte, byte `i` has those of `i`, `i + n / k`, and so on;
/// - exceptions, whose codes are 0: their number, then for each the ordinals in between, and the hits in the content;
/// - runs of passages that have the term in the heading or name: for each the ordinals in between in the upper bits, and
///   bits for the field, for whether there is more than one hit, and for whether there is more than one passage; then
///   the further hits and passages.
struct DenseWindow {
    /// The number of ordinals of a window, whose first one is a multiple of it.
    static let size = SegmentFormat.lengthsPerPage
    static let quarters = 4
    private static let unit = 64

    /// The first ordinal, and the number of them.
    let start: Int
    let count: Int
    /// 2 or 4.
    let width: Int
    let codes: UnsafePointer<UInt8>
    /// Exceptions and runs.
    private let rest: PackedReader
    /// The sizes of the positions of each quarter.
    private(set) var positions = (0, 0, 0, 0)

    /// The offsets of a quarter.
    func quarter(_ number: Int) -> Range<Int> {
        let size = Self.size / Self.quarters
        return min(count, number * size)..<min(count, (number + 1) * size)
    }

    /// Reads a window.
    fileprivate init(
        _ reader: inout PackedReader, number: Int, hasPositions: Bool, of passages: Int
    ) throws(SegmentDamage) {
        let head = Int(reader.byte())
        (start, count, width) = (number * Self.size, (head & 15 + 1) * Self.unit, head & 16 != 0 ? 4 : 2)
        if hasPositions { positions = (reader.number(), reader.number(), reader.number(), reader.number()) }
        let restSize = reader.number()
        let bytes = reader.take(count * width / 8)
        rest = PackedReader(reader.take(restSize))
        try reader.check()
        // Codes may be of more passages than there are: those of the last unit are 0.
        guard let first = bytes.baseAddress, start + count < passages + Self.unit else { throw SegmentDamage() }
        codes = first
    }

    /// Calls `body` with each exception: its offset in the window, and its hits in the content.
    ///
    /// - Returns: the reader of the runs.
    @inline(__always)
    private func eachException(_ body: (Int, UInt32) -> Void) throws(SegmentDamage) -> PackedReader {
        var reader = rest
        var next = 0
        for _ in 0..<reader.number() {
            let offset = next + reader.number()
            let hits = UInt32(truncatingIfNeeded: reader.varint())
            guard offset < count else { throw SegmentDamage() }
            body(offset, hits)
            next = offset + 1
        }
        return reader
    }

    /// Calls `body` with each exception, then with each run: its field, its offsets, and the hits of each passage.
    @inline(__always)
    func each(
        exception: (Int, UInt32) -> Void, run: (IndexField, Range<Int>, UInt32) -> Void
    ) throws(SegmentDamage) {
        var reader = try eachException(exception)
        var (next, last) = (0, IndexField.heading)
        while !reader.isAtEnd {
            let head = reader.number()
            let field = head & 4 != 0 ? IndexField.name : .heading
            let hits = head & 2 != 0 ? 2 &+ UInt32(truncatingIfNeeded: reader.varint()) : 1
            let length = head & 1 != 0 ? 2 + reader.number() : 1
            if field != last { (next, last) = (0, field) }
            let offset = next + head >> 3
            guard !reader.isDamaged, offset + length <= count else { throw SegmentDamage() }
            run(field, offset..<(offset + length), hits)
            next = offset + length
        }
        try reader.check()
    }
}

/// A part of a page of postings that has windows: a list, or a window.
///
/// In front of a list is a number whose lowest bit is 1, and whose other bits tell where its first gap begins, counted
/// from the start of the part before; then the number of postings, the size of their positions unless the term has none,
/// and the size of the list in bytes. In front of a window is a number whose lowest bit is 0, and whose other bits are
/// the windows since the part before.
enum PostingChunk {
    /// A list, and the size of its positions.
    case list(PostingBlock, positions: Int)
    case window(DenseWindow)

    /// Calls `body` with each part of a page, until it returns false.
    ///
    /// - Parameter passages: the number of passages of the segment.
    static func each(
        in block: PostingBlock, of passages: Int, _ body: (PostingChunk) throws(SegmentDamage) -> Bool
    ) throws(SegmentDamage) {
        var reader = PackedReader(block.bytes)
        var number = block.base / DenseWindow.size
        while !reader.isAtEnd {
            let head = reader.number()
            if head & 1 == 0 {
                number += head >> 1
                let window = try DenseWindow(
                    &reader, number: number, hasPositions: block.hasPositions, of: passages)
                guard try body(.window(window)) else { return }
            } else {
                let base = number * DenseWindow.size + head >> 1
                let count = reader.number()
                let positions = block.hasPositions ? reader.number() : 0
                let bytes = reader.take(reader.number())
                try reader.check()
                guard try body(.list(PostingBlock(bytes: bytes, count: count, base: base), positions: positions))
                else { return }
                number = base / DenseWindow.size
            }
        }
    }
}

/// The unpacked hits of a window, for readers that want one passage after the other.
struct WindowHits {
    private let hits: UnsafeMutablePointer<UInt32>
    let content, heading, name: UnsafeMutablePointer<UInt32>

    init() {
        hits = .allocate(capacity: 3 * DenseWindow.size)
        (content, heading, name) = (hits, hits + DenseWindow.size, hits + 2 * DenseWindow.size)
    }

    func deallocate() { hits.deallocate() }

    subscript(offset: Int) -> PerField<UInt32> { PerField(content[offset], heading[offset], name[offset]) }

    /// Unpacks a window. What was there before is lost.
    func read(_ window: DenseWindow) throws(SegmentDamage) {
        let (content, codes) = (content, window.codes)
        heading.initialize(repeating: 0, count: window.count)
        name.initialize(repeating: 0, count: window.count)
        let step = window.count * window.width / 8
        if window.width == 4 {
            for index in 0..<step { content[index] = UInt32(codes[index] & 15) }
            for index in 0..<step { content[step + index] = UInt32(codes[index] >> 4) }
        } else {
            for part in 0..<4 {
                let (target, shift) = (content + part * step, UInt8(2 * part))
                for index in 0..<step { target[index] = UInt32(codes[index] >> shift & 3) }
            }
        }
        try window.each {
            content[$0] = $1
        } run: { field, offsets, hits in
            let target = field == .name ? name : heading
            for offset in offsets { target[offset] = hits }
        }
    }
}
