/// Packs which passages a segment has: the documents they belong to, and their lengths.
struct PassageTableWriter {
    private(set) var header = SegmentHeader()
    private var run: DocumentRun?
    private var runs = PackedWriter()
    private var runsOrdinal = 0
    /// The upper half of the last document's key in `runs`.
    private var runsHigh: UInt64 = 0
    private var lengths: [PerField<UInt32>] = []

    /// Adds the next passage. Passages of one document with consecutive positions become a run.
    mutating func add(
        _ document: DocumentKey, position: Int, lengths: PerField<UInt32>, to sink: (SegmentPage) throws -> Void
    ) throws {
        if let last = run, last.document == document, last.position &+ last.count == position {
            run?.count += 1
        } else {
            try endRun(to: sink)
            run = DocumentRun(
                document: document, ordinal: header.passages, position: position, count: 1, lengths: PerField(0, 0, 0))
        }
        for field in IndexField.allCases {
            run?.lengths[field] += Int(lengths[field])
            header.lengths[field] += Int(lengths[field])
        }
        header.passages += 1
        self.lengths.append(lengths)
        if self.lengths.count == SegmentFormat.lengthsPerPage { try flushLengths(to: sink) }
    }

    private mutating func endRun(to sink: (SegmentPage) throws -> Void) throws {
        guard let run else { return }
        if runs.count + 40 > SegmentFormat.pageBytes { try flushRuns(to: sink) }
        if runs.count == 0 { runsOrdinal = run.ordinal }
        // Keys begin with a time, so those of one write differ little.
        let difference = Int64(bitPattern: run.document.high &- runsHigh)
        runs.varint(UInt64(bitPattern: difference << 1 ^ difference >> 63))
        runsHigh = run.document.high
        runs.fixed(run.document.low, width: 8)
        runs.varint(run.position)
        runs.varint(run.count)
        for field in IndexField.allCases { runs.varint(run.lengths[field]) }
        self.run = nil
    }

    private mutating func flushRuns(to sink: (SegmentPage) throws -> Void) throws {
        guard runs.count > 0 else { return }
        try sink(SegmentPage(kind: .documents, part: runsOrdinal, data: runs.bytes))
        runs.removeAll()
        runsHigh = 0
    }

    private mutating func flushLengths(to sink: (SegmentPage) throws -> Void) throws {
        guard let first = lengths.first else { return }
        var page = PackedWriter()
        for field in IndexField.allCases {
            let most = lengths.reduce(0) { max($0, $1[field]) }
            if lengths.allSatisfy({ $0[field] == first[field] }) {
                page.byte(0)
                page.varint(first[field])
            } else {
                let width = most < 1 << 8 ? 1 : most < 1 << 16 ? 2 : 4
                page.byte(UInt8(width))
                for length in lengths { page.fixed(UInt64(length[field]), width: width) }
            }
        }
        try sink(SegmentPage(kind: .lengths, part: header.passages - lengths.count, data: page.bytes))
        lengths.removeAll(keepingCapacity: true)
    }

    /// Writes what is left, and returns the header.
    mutating func finish(to sink: (SegmentPage) throws -> Void) throws -> SegmentHeader {
        try endRun(to: sink)
        try flushRuns(to: sink)
        try flushLengths(to: sink)
        return header
    }
}

/// Unpacks the pages of `PassageTableWriter`.
enum PassageTable {
    /// Calls `body` with each run on a page.
    ///
    /// - Parameter ordinal: the page's key, the ordinal of its first passage.
    static func eachRun(
        _ bytes: UnsafeBufferPointer<UInt8>, from ordinal: Int, of passages: Int, _ body: (DocumentRun) -> Void
    ) throws(SegmentDamage) {
        var reader = PackedReader(bytes)
        var (ordinal, high): (Int, UInt64) = (ordinal, 0)
        while !reader.isAtEnd {
            let difference = reader.varint()
            high &+= difference >> 1 ^ (0 &- difference & 1)
            let document = DocumentKey(high: high, low: reader.fixed(width: 8))
            let position = reader.number()
            let count = reader.number()
            var lengths = PerField(0, 0, 0)
            for field in IndexField.allCases { lengths[field] = reader.number(below: 1 << 60) }
            try reader.check()
            guard count > 0, ordinal + count <= passages else { throw SegmentDamage() }
            body(
                DocumentRun(
                    document: document, ordinal: ordinal, position: position, count: count, lengths: lengths))
            ordinal += count
        }
    }

    /// Writes what an occurrence counts in each field of a page's passages to `targets`.
    static func readFactors(
        _ bytes: UnsafeBufferPointer<UInt8>, _ norm: LengthNorm, count: Int,
        to targets: PerField<UnsafeMutablePointer<Float>>
    ) throws(SegmentDamage) {
        var reader = PackedReader(bytes)
        for field in IndexField.allCases {
            let (width, target) = (Int(reader.byte()), targets[field])
            if width == 0 {
                target.initialize(repeating: norm.factor(Float(reader.varint()), of: field), count: count)
                continue
            }
            let values = reader.take(width * count)
            try reader.check()
            guard let start = values.baseAddress else { throw SegmentDamage() }
            switch width {
            case 1: for index in 0..<count { target[index] = norm.factor(Float(start[index]), of: field) }
            case 2, 4:
                for index in 0..<count {
                    var value: UInt32 = 0
                    for byte in 0..<width { value |= UInt32(start[index * width + byte]) << UInt32(8 * byte) }
                    target[index] = norm.factor(Float(value), of: field)
                }
            default: throw SegmentDamage()
            }
        }
        try reader.check()
    }

    /// The lengths of the passages of a page, as they were.
    static func lengths(
        _ bytes: UnsafeBufferPointer<UInt8>, count: Int
    ) throws(SegmentDamage) -> [PerField<UInt32>] {
        var reader = PackedReader(bytes)
        var lengths = Array(repeating: PerField<UInt32>(0, 0, 0), count: count)
        for field in IndexField.allCases {
            let width = Int(reader.byte())
            guard [0, 1, 2, 4].contains(width) else { throw SegmentDamage() }
            let constant = width == 0 ? UInt32(truncatingIfNeeded: reader.varint()) : 0
            for index in 0..<count {
                lengths[index][field] =
                    width == 0 ? constant : UInt32(truncatingIfNeeded: reader.fixed(width: width))
            }
        }
        try reader.check()
        return lengths
    }
}
