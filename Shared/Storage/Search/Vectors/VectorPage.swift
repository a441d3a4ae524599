/// A page of one-bit codes, and which passages these stand for.
///
/// Codes lie in groups: the first word of each code of the group, then the second of each, and so on; then their factors
/// and offsets.
struct VectorPage {
    /// Passages of a document that follow one another.
    struct Run: Equatable {
        /// `removed` for those of removed documents.
        var document: DocumentKey
        /// The position of the first one in its document.
        var position: Int
        var passages: Int
        /// The number of vectors: at least one for each passage.
        var count: Int

        static let removed = DocumentKey(high: 0, low: 0)
    }

    let format: VectorFormat
    private(set) var runs: [Run] = []
    private(set) var starts = PassageStarts()
    private(set) var bits: [UInt8] = []
    /// The number of vectors, removed ones counted.
    private(set) var count = 0

    init(_ format: VectorFormat) { self.format = format }

    init(_ format: VectorFormat, count: Int, runs: [Run], starts: [UInt8], bits: [UInt8]) throws(VectorDamage) {
        (self.format, self.count, self.runs, self.bits) = (format, count, runs, bits)
        self.starts = try PassageStarts(starts, of: count)
        guard count > 0, count <= format.vectorsPerPage, bits.count == Self.bytes(of: count, format) else {
            throw VectorDamage()
        }
    }

    static func bytes(of count: Int, _ format: VectorFormat) -> Int {
        (count + VectorFormat.groupSize - 1) / VectorFormat.groupSize * format.bytesPerGroup
    }

    /// Adds the vectors of a passage, for which there must be room.
    mutating func append(_ document: DocumentKey, position: Int, _ codes: [VectorCode]) {
        guard !codes.isEmpty else { return }
        if let last = runs.last, last.document == document, last.position + last.passages == position {
            runs[runs.count - 1].passages += 1
            runs[runs.count - 1].count += codes.count
        } else {
            runs.append(Run(document: document, position: position, passages: 1, count: codes.count))
        }
        for (index, code) in codes.enumerated() {
            starts.append(index == 0, at: count)
            append(code)
        }
    }

    private mutating func append(_ code: VectorCode) {
        if count % VectorFormat.groupSize == 0 {
            bits.append(contentsOf: repeatElement(0, count: format.bytesPerGroup))
        }
        for (index, word) in code.words.enumerated() { put(word, width: 8, at: offset(of: count, word: index)) }
        let tail = tail(of: count)
        put(UInt64(code.factor), width: 2, at: tail)
        put(UInt64(UInt16(bitPattern: code.offset)), width: 2, at: tail + 2 * VectorFormat.groupSize)
        count += 1
    }

    /// What this page has of a vector.
    ///
    /// - Parameter bytes: the rest of it.
    func code(of ordinal: Int, _ bytes: [UInt8]) -> VectorCode {
        let words = (0..<format.wordsPerCode).map { get(width: 8, at: offset(of: ordinal, word: $0)) }
        let tail = tail(of: ordinal)
        let (factor, product) = (get(width: 2, at: tail), get(width: 2, at: tail + 2 * VectorFormat.groupSize))
        return VectorCode(
            words: words, factor: UInt16(factor), offset: Int16(bitPattern: UInt16(product)), bytes: bytes)
    }

    private func offset(of ordinal: Int, word: Int) -> Int {
        let (group, place) = (ordinal / VectorFormat.groupSize, ordinal % VectorFormat.groupSize)
        return group * format.bytesPerGroup + (word * VectorFormat.groupSize + place) * 8
    }

    /// Where its factor is, before those of later codes of the group, and before the offsets.
    private func tail(of ordinal: Int) -> Int {
        let group = ordinal / VectorFormat.groupSize
        let words = VectorFormat.groupSize * format.wordsPerCode * 8
        return group * format.bytesPerGroup + words + ordinal % VectorFormat.groupSize * 2
    }

    private mutating func put(_ value: UInt64, width: Int, at offset: Int) {
        for byte in 0..<width { bits[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
    }

    private func get(width: Int, at offset: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(bits[offset + $1]) << UInt64(8 * $1) }
    }

    // MARK: Runs

    static func pack(_ runs: [Run]) -> [UInt8] {
        var writer = PackedWriter()
        for run in runs {
            writer.fixed(run.document.high, width: 8)
            writer.fixed(run.document.low, width: 8)
            writer.varint(run.position)
            writer.varint(run.passages)
            writer.varint(run.count)
        }
        return writer.bytes
    }

    /// Calls `body` with each run, and the ordinal of its first vector.
    ///
    /// - Parameter count: the number of vectors that all of them have.
    @inline(__always)
    static func eachRun(
        _ bytes: UnsafeBufferPointer<UInt8>, of count: Int, _ body: (Int, Run) -> Void
    ) throws(VectorDamage) {
        var reader = PackedReader(bytes)
        var ordinal = 0
        while !reader.isAtEnd {
            let document = DocumentKey(high: reader.fixed(width: 8), low: reader.fixed(width: 8))
            let run = Run(
                document: document, position: reader.number(), passages: reader.number(), count: reader.number())
            guard !reader.isDamaged, run.passages > 0, run.passages <= run.count, run.count <= count - ordinal else {
                throw VectorDamage()
            }
            body(ordinal, run)
            ordinal += run.count
        }
        guard ordinal == count else { throw VectorDamage() }
    }

    static func runs(_ bytes: UnsafeBufferPointer<UInt8>, of count: Int) throws(VectorDamage) -> [Run] {
        var runs: [Run] = []
        try eachRun(bytes, of: count) { _, run in runs.append(run) }
        return runs
    }
}

/// A row of vectors does not have the form that it was written in.
struct VectorDamage: Error {}
