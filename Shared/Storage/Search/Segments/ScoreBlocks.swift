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
    /// The blocks with hits, and those that the current clause has hits in.
    private(set) var touched: [Int] = []
    private var current: [Int] = []
    private var isTouched: [Bool] = []
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
        (clause, hasClosed, touched, current) = (0, false, [], [])
        isTouched = Array(repeating: false, count: blocks)
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
            do { try readFactors(block) } catch { failure = failure ?? error }
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
        let start = block * Self.size
        let targets = PerField(factors.content + start, factors.heading + start, factors.name + start)
        let count = min(Self.size, reader.passages - start)
        for field in IndexField.allCases { targets[field].initialize(repeating: 0, count: Self.size) }
        try reader.lengthPage(block) { try PassageTable.readFactors($0, norm, count: count, to: targets) }
    }

    // MARK: Results

    /// The sums of a block that was touched.
    func sums(of block: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: sums + block * Self.size, count: Self.size)
    }

    /// What an occurrence in a passage's content counts. A passage that only required clauses without weight found may
    /// have none.
    func contentFactor(of ordinal: Int) -> Float {
        isTouched[ordinal / Self.size] ? factors.content[ordinal] : 0
    }

    /// The sum of any passage.
    func sum(of ordinal: Int) -> Float {
        isTouched[ordinal / Self.size] ? sums[ordinal] : 0
    }

    /// The sum of the last of the best passages so far; 0 if there are not so many.
    func sum(ofBest count: Int, among eligible: OrdinalSet?) -> Float {
        var best: [Float] = []
        for block in touched {
            let start = block * Self.size
            for index in start..<(start + Self.size) {
                guard sums[index] > 0, best.count < count || sums[index] > best[0],
                    eligible?.contains(index) ?? true
                else { continue }
                // The lists are short.
                let place = best.firstIndex { $0 >= sums[index] } ?? best.count
                best.insert(sums[index], at: place)
                if best.count > count { best.removeFirst() }
            }
        }
        return best.count < count ? 0 : best[0]
    }

    /// Leaves blocks out from now on in which no passage has at least this sum.
    func keep(reaching least: Float) {
        guard least > 0 else { return }
        for block in 0..<blocks where clauses[block] != Self.closed {
            if clauses[block] == 0 {
                close(block)
                continue
            }
            let sums = sums(of: block)
            var most: Float = 0
            for index in 0..<Self.size { most = max(most, sums[index]) }
            if most < least { close(block) }
        }
    }
}
