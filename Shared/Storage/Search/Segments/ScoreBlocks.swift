/// The sums of scores of a segment's passages, in blocks that are set up when their first passage has a hit.
final class ScoreBlocks {
    static let size = SegmentFormat.lengthsPerPage

    private let norm: LengthNorm
    private var reader: SegmentReader?
    /// For each passage: the frequency of the current clause, the sum so far, and what an occurrence counts.
    private var frequencies: UnsafeMutablePointer<Float>
    private var sums: UnsafeMutablePointer<Float>
    private var factors: PerField<UnsafeMutablePointer<Float>>
    private var memory: UnsafeMutableBufferPointer<Float>
    /// The memory of the last search, for the next one: new pages cost more than scoring. Safe without a lock: a process
    /// serves one request at a time, on one thread.
    nonisolated(unsafe) private static var spare: UnsafeMutableBufferPointer<Float>?
    private static let mostSpare = 4 << 20
    /// For each block the number of the last clause that has a hit in it; 0 for none, `closed` if hits do not matter.
    private var clauses = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    private var blocks = 0
    private static let closed = UInt32.max
    private var clause: UInt32 = 0
    private var hasClosed = false
    /// Whether `readAhead` has read the lengths of the segment. Closed blocks stay closed, so once is enough.
    private var hasReadAhead = false
    /// The blocks with hits, and those that the current clause has hits in.
    private(set) var touched: [Int] = []
    private var current: [Int] = []
    private var isTouched: [Bool] = []
    private var hasFactors: [Bool] = []
    /// The first failure to read lengths.
    private var failure: (any Error)?

    init(_ norm: LengthNorm) {
        self.norm = norm
        memory = Self.spare ?? .allocate(capacity: 5 * Self.size)
        Self.spare = nil
        let start = memory.baseAddress ?? .allocate(capacity: 5 * Self.size)
        (frequencies, sums, factors) = (start, start, PerField(start, start, start))
    }

    deinit {
        if Self.spare == nil, memory.count <= Self.mostSpare { Self.spare = memory } else { memory.deallocate() }
        clauses.deallocate()
    }

    /// Divides the memory among the values of so many passages.
    private func reserve(_ capacity: Int) {
        if memory.count < 5 * capacity {
            memory.deallocate()
            memory = .allocate(capacity: 5 * capacity)
        }
        guard let start = memory.baseAddress else { return }
        (frequencies, sums) = (start, start + capacity)
        factors = PerField(start + 2 * capacity, start + 3 * capacity, start + 4 * capacity)
    }

    /// Begins a segment.
    ///
    /// - Parameter open: the passages that matter; nil for all.
    func begin(_ reader: SegmentReader, open: OrdinalSet?) {
        self.reader = reader
        blocks = (reader.passages + Self.size - 1) / Self.size
        reserve(blocks * Self.size)
        clauses.deallocate()
        clauses = .allocate(capacity: max(1, blocks))
        clauses.initialize(repeating: 0, count: blocks)
        (clause, hasClosed, hasReadAhead, touched, current) = (0, false, false, [], [])
        isTouched = Array(repeating: false, count: blocks)
        hasFactors = isTouched
        guard let open else { return }
        for block in 0..<blocks {
            let end = min(reader.passages, (block + 1) * Self.size)
            if !open.intersects(block * Self.size..<end) { close(block) }
        }
    }

    private func close(_ block: Int) {
        clauses[block] = Self.closed
        hasClosed = true
    }

    /// Reads the lengths of all blocks that matter at once, if so many postings follow that this costs less than reading
    /// those of each block with hits.
    func readAhead(for postings: Int) throws {
        guard !hasReadAhead, blocks > 1, 2 * postings >= blocks, let reader else { return }
        hasReadAhead = true
        try reader.source.eachPage(.lengths) { part, data in
            let block = part / Self.size
            guard part % Self.size == 0, block < blocks else { throw SegmentDamage() }
            if clauses[block] != Self.closed, !hasFactors[block] { try readFactors(block, data) }
        }
    }

    func beginClause() {
        clause += 1
        current.removeAll(keepingCapacity: true)
    }

    /// Where the current clause's hits go. Copied, so that the pointers stay in registers.
    struct Target {
        fileprivate let blocks: ScoreBlocks
        fileprivate let clauses: UnsafeMutablePointer<UInt32>
        fileprivate let clause: UInt32
        fileprivate let frequencies: UnsafeMutablePointer<Float>
        fileprivate let factors: PerField<UnsafeMutablePointer<Float>>

        /// Adds to the clause's frequency in a passage.
        @inline(__always)
        func add(_ hits: Float, in field: IndexField, at ordinal: Int) {
            let block = ordinal / ScoreBlocks.size
            if clauses[block] != clause, !blocks.touch(block) { return }
            frequencies[ordinal] += hits * factors[field][ordinal]
        }

        /// Adds to the clause's frequencies what a term has in a window, with the same operations for each passage.
        func add(_ window: DenseWindow, _ weights: PerField<Float>) throws(SegmentDamage) {
            let block = window.start / ScoreBlocks.size
            if clauses[block] != clause, !blocks.touch(block) { return }
            let (frequencies, codes, weight) = (frequencies + window.start, window.codes, weights.content)
            let factors = PerField(
                factors.content + window.start, factors.heading + window.start, factors.name + window.start)
            let step = window.count * window.width / 8
            if window.width == 4 {
                for index in 0..<step {
                    frequencies[index] += weight * Float(codes[index] & 15) * factors.content[index]
                }
                let (upper, own) = (frequencies + step, factors.content + step)
                for index in 0..<step { upper[index] += weight * Float(codes[index] >> 4) * own[index] }
            } else {
                for part in 0..<4 {
                    let (target, own, shift) = (
                        frequencies + part * step, factors.content + part * step, UInt8(2 * part)
                    )
                    for index in 0..<step { target[index] += weight * Float(codes[index] >> shift & 3) * own[index] }
                }
            }
            try window.each { offset, hits in
                frequencies[offset] += weight * Float(hits) * factors.content[offset]
            } run: { field, offsets, hits in
                let (hits, own) = (weights[field] * Float(hits), factors[field])
                for offset in offsets { frequencies[offset] += hits * own[offset] }
            }
        }
    }

    var target: Target {
        Target(blocks: self, clauses: clauses, clause: clause, frequencies: frequencies, factors: factors)
    }

    @inline(never)
    fileprivate func touch(_ block: Int) -> Bool {
        if clauses[block] == Self.closed { return false }
        if clauses[block] == 0 {
            (frequencies + block * Self.size).initialize(repeating: 0, count: Self.size)
            (sums + block * Self.size).initialize(repeating: 0, count: Self.size)
            touched.append(block)
            isTouched[block] = true
            if !hasFactors[block] {
                do { try readFactors(block) } catch { failure = failure ?? error }
            }
        }
        clauses[block] = clause
        current.append(block)
        return true
    }

    /// The first ordinal at or after another one in a block that matters. Nil for all.
    var wanted: ((Int) -> Int?)? {
        guard hasClosed else { return nil }
        return { [clauses, blocks] ordinal in
            var block = ordinal / Self.size
            guard block < blocks else { return nil }
            if clauses[block] != Self.closed { return ordinal }
            while block < blocks, clauses[block] == Self.closed { block += 1 }
            return block < blocks ? block * Self.size : nil
        }
    }

    /// Ends the current clause: adds its share to the sums.
    func add(weight: Float) throws {
        if let failure { throw failure }
        let k1 = norm.k1
        for block in current {
            let start = block * Self.size
            let (frequencies, sums) = (frequencies + start, sums + start)
            for index in 0..<Self.size {
                sums[index] += weight * (frequencies[index] / (frequencies[index] + k1))
                frequencies[index] = 0
            }
        }
    }

    private func readFactors(_ block: Int) throws {
        guard let reader else { return }
        try reader.lengthPage(block) { try readFactors(block, $0) }
    }

    private func readFactors(_ block: Int, _ lengths: UnsafeBufferPointer<UInt8>) throws {
        guard let reader else { return }
        let start = block * Self.size
        let targets = PerField(factors.content + start, factors.heading + start, factors.name + start)
        let count = min(Self.size, reader.passages - start)
        for field in IndexField.allCases { targets[field].initialize(repeating: 0, count: Self.size) }
        try PassageTable.readFactors(lengths, norm, count: count, to: targets)
        hasFactors[block] = true
    }

    // MARK: Results

    /// What an occurrence in a passage's content counts. A passage that only required clauses without weight found may
    /// have none.
    func contentFactor(of ordinal: Int) -> Float {
        isTouched[ordinal / Self.size] ? factors.content[ordinal] : 0
    }

    /// The sum of any passage.
    func sum(of ordinal: Int) -> Float {
        isTouched[ordinal / Self.size] ? sums[ordinal] : 0
    }

    /// The sum of the last of the best passages so far; `least` if there are not so many above it.
    func sum(ofBest count: Int, among eligible: OrdinalSet?, above least: Float) -> Float {
        var best: [Float] = []
        for block in touched {
            eachSum(of: block, above: { best.count < count ? least : best[0] }) { offset, sum in
                guard eligible?.contains(block * Self.size + offset) ?? true else { return }
                // The lists are short.
                let place = best.firstIndex { $0 >= sum } ?? best.count
                best.insert(sum, at: place)
                if best.count > count { best.removeFirst() }
            }
        }
        return best.count < count ? least : best[0]
    }

    /// The number of sums that are compared at once.
    private static let group = 64

    /// Calls `body` with each sum of a block that was touched, and its offset, if it is above `least`, which is asked
    /// again after each call.
    @inline(__always)
    func eachSum(of block: Int, above least: () -> Float, _ body: (Int, Float) throws -> Void) rethrows {
        let sums = sums + block * Self.size
        var limit = least()
        for start in stride(from: 0, to: Self.size, by: Self.group)
        where Self.highest(sums + start, Self.group) > limit {
            for offset in start..<(start + Self.group) where sums[offset] > limit {
                try body(offset, sums[offset])
                limit = least()
            }
        }
    }

    /// The highest of some sums, none of which is negative. Their bits sort as they do, and comparing integers needs no
    /// care for what is not a number, so that many are compared at once.
    private static func highest(_ sums: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
        var most: Int32 = 0
        for index in 0..<count { most = max(most, Int32(bitPattern: sums[index].bitPattern)) }
        return Float(bitPattern: UInt32(bitPattern: most))
    }

    /// Leaves blocks out from now on in which no passage has at least this sum.
    func keep(reaching least: Float) {
        guard least > 0 else { return }
        for block in 0..<blocks where clauses[block] != Self.closed {
            if clauses[block] == 0 {
                close(block)
                continue
            }
            if Self.highest(sums + block * Self.size, Self.size) < least { close(block) }
        }
    }
}
