/// How a short list of postings is packed in the dictionary: gaps in Rice codes, whose parameter suits the list.
enum PostingBits {
    /// Which hits the postings have.
    enum Shape: Int {
        /// All have one, in the content.
        case plain = 0
        /// All have the same, which stand in front.
        case same = 1
        case mixed = 2
    }

    /// A list to be packed.
    struct List {
        private(set) var postings: [(gap: UInt32, hits: PerField<UInt32>)] = []
        private(set) var shape = Shape.plain
        private(set) var parameter = 0

        /// - Parameter bytes: `count` postings, in the form of pages (`PostingCode`).
        mutating func read(_ bytes: [UInt8], count: Int) {
            postings.removeAll(keepingCapacity: true)
            bytes.withUnsafeBufferPointer { bytes in
                var reader = PackedReader(bytes)
                var hits = PerField<UInt32>(0, 0, 0)
                for _ in 0..<count {
                    let gap = PostingCode.read(&reader, &hits)
                    postings.append((gap, hits))
                }
            }
            let first = postings.first?.hits ?? PerField(1, 0, 0)
            if postings.contains(where: { $0.hits != first }) {
                shape = .mixed
            } else {
                shape = first == PerField(1, 0, 0) ? .plain : .same
            }
            if count > 1 { choose() }
        }

        /// Chooses the parameter. The best is near the logarithm of the mean; less if the gaps are uneven.
        private mutating func choose() {
            let sum = postings.reduce(UInt64(0)) { $0 + UInt64($1.gap) }
            let mean = sum / UInt64(max(1, postings.count))
            parameter = min(30, max(0, 63 - (mean | 1).leadingZeroBitCount))
            var best = size(parameter)
            while parameter > 0 {
                let next = size(parameter - 1)
                guard next < best else { return }
                (best, parameter) = (next, parameter - 1)
            }
        }

        private func size(_ parameter: Int) -> Int {
            postings.reduce(postings.count * (parameter + 1)) { $0 + Int($1.gap >> UInt32(parameter)) }
        }

        /// - Parameter width: of an ordinal, for a list of one.
        func write(to writer: inout BitWriter, width: Int) {
            if shape == .same, let first = postings.first { PostingBits.write(first.hits, to: &writer) }
            for posting in postings {
                if postings.count == 1 {
                    writer.write(posting.gap, width)
                } else {
                    writer.rice(posting.gap, parameter)
                }
                guard shape == .mixed else { continue }
                if posting.hits == PerField(1, 0, 0) {
                    writer.write(0, 1)
                } else if posting.hits == PerField(2, 0, 0) {
                    writer.write(2, 2)
                } else {
                    writer.write(3, 2)
                    PostingBits.write(posting.hits, to: &writer)
                }
            }
        }
    }

    private static func write(_ hits: PerField<UInt32>, to writer: inout BitWriter) {
        for field in IndexField.allCases { writer.gamma(Int(hits[field])) }
    }

    private static func readHits(_ reader: inout BitReader) -> PerField<UInt32> {
        var hits = PerField<UInt32>(0, 0, 0)
        for field in IndexField.allCases { hits[field] = UInt32(truncatingIfNeeded: reader.gamma()) }
        return hits
    }

    /// Calls `body` with the gap and the hits of each posting. Stops at damage.
    ///
    /// - Parameter parameter: of the Rice codes; nil for a list of one.
    @inline(__always)
    static func read(
        _ count: Int, _ shape: Shape, parameter: Int?, width: Int, from reader: inout BitReader,
        _ body: (UInt32, PerField<UInt32>) -> Void
    ) {
        let common = shape == .same ? readHits(&reader) : PerField(1, 0, 0)
        for _ in 0..<count {
            if reader.isDamaged { return }
            let gap = if let parameter { reader.rice(parameter) } else { reader.read(width) }
            var hits = common
            if shape == .mixed, reader.read(1) == 1 {
                hits = reader.read(1) == 0 ? PerField(2, 0, 0) : readHits(&reader)
            }
            body(gap, hits)
        }
    }
}
