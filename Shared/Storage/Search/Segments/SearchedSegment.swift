/// A segment as one search sees it.
final class SearchedSegment {
    let reader: SegmentReader
    /// The passages of removed, replaced and incomplete documents; nil if there are none.
    let hidden: OrdinalSet?
    /// The number and the lengths of the other ones.
    let passages: Int
    let lengths: PerField<Int>
    private var knownRuns: [DocumentRun]?

    /// - Parameter isHidden: whether the passages of a document do not count here; nil if those of all documents do.
    init(_ reader: SegmentReader, isHidden: ((DocumentKey) -> Bool)? = nil) throws {
        self.reader = reader
        var (passages, lengths) = (reader.passages, reader.header.lengths)
        var hidden: OrdinalSet?
        if let isHidden {
            let runs = try reader.runs()
            for run in runs where isHidden(run.document) {
                if hidden == nil { hidden = OrdinalSet(capacity: reader.passages) }
                hidden?.insert(run.ordinal..<(run.ordinal + run.count))
                passages -= run.count
                for field in IndexField.allCases { lengths[field] &-= run.lengths[field] }
            }
            knownRuns = runs
        }
        (self.hidden, self.passages, self.lengths) = (hidden, passages, lengths)
    }

    func runs() throws -> [DocumentRun] {
        if let knownRuns { return knownRuns }
        let runs = try reader.runs()
        knownRuns = runs
        return runs
    }

    /// The document of a passage, and its position there.
    func place(of ordinal: Int) throws -> (document: DocumentKey, position: Int) {
        let runs = try runs()
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].ordinal <= ordinal { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { throw SegmentDamage() }
        let run = runs[low - 1]
        return (run.document, run.position + ordinal - run.ordinal)
    }
}

/// BM25F's normalisation: an occurrence counts less in a field that is longer than that field usually is.
struct LengthNorm {
    let k1: Float
    private let bases: PerField<Float>
    private let scales: PerField<Float>

    init(_ segments: [SearchedSegment], _ passages: Int, _ parameters: RankingParameters) {
        k1 = Float(parameters.k1)
        var (bases, scales) = (PerField<Float>(1, 1, 1), PerField<Float>(0, 0, 0))
        for field in IndexField.allCases {
            let sum = segments.reduce(0) { $0 &+ $1.lengths[field] }
            let b = parameters.b[field]
            bases[field] = Float(1 - b)
            scales[field] = sum > 0 ? Float(b * Double(passages) / Double(sum)) : 0
        }
        (self.bases, self.scales) = (bases, scales)
    }

    /// The weight of an occurrence in a field of this length.
    @inline(__always)
    func factor(_ length: Float, of field: IndexField) -> Float {
        1 / max(1e-9, bases[field] + scales[field] * length)
    }
}
