import Testing

@testable import Storage

/// Long lists of postings, in windows and not.
@Suite struct DenseWindowTests {
    /// Stretches of frequent and rare terms, with every form of hits.
    private static func postings(_ passages: Int, _ numbers: inout Numbers) -> [Posting] {
        var all: [Posting] = []
        var (share, most, heading) = (1.0, 1, PerField<UInt32>(0, 0, 0))
        for ordinal in 0..<passages {
            if Int.random(in: 0..<700, using: &numbers) == 0 {
                share = [0.01, 0.1, 0.3, 0.9, 1].randomElement(using: &numbers) ?? 1
                most = [1, 3, 10, 40, 100_000].randomElement(using: &numbers) ?? 1
            }
            if Int.random(in: 0..<40, using: &numbers) == 0 {
                let hits = [0, 0, 1, 2, 400].randomElement(using: &numbers) ?? 0
                heading = Bool.random(using: &numbers) ? PerField(0, UInt32(hits), 0) : PerField(0, 1, UInt32(hits))
            }
            guard Double.random(in: 0..<1, using: &numbers) < share else { continue }
            var hits = heading
            hits.content = UInt32(Int.random(in: 0...most, using: &numbers))
            if hits.content | hits.heading | hits.name == 0 { hits.content = 1 }
            all.append(Posting(ordinal: UInt32(ordinal), hits: hits))
        }
        return all
    }

    private static func segment(_ postings: [Posting], _ passages: Int) throws -> SegmentReader {
        var writer = SegmentWriter(passages: passages)
        var pages: [SegmentPage] = []
        [UInt8]("word".utf8).withUnsafeBufferPointer { writer.begin($0, .none) }
        for posting in postings {
            try writer.add(Int(posting.ordinal), posting.hits) { pages.append($0) }
        }
        try writer.end { pages.append($0) }
        try writer.finish { pages.append($0) }
        var header = SegmentHeader()
        (header.passages, header.positionBytes) = (passages, writer.positionBytes)
        return SegmentReader(PreparedSegment(header: header, pages: pages))
    }

    @Test(arguments: 1...12) func postingsAreReadAsTheyWereWritten(seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed))
        let passages = Int.random(in: 1...20_000, using: &numbers)
        let written = Self.postings(passages, &numbers)
        let reader = try Self.segment(written, passages)
        let entry = try #require(try reader.entry(of: Array("word".utf8)))
        var read: [Posting] = []
        try reader.eachBlock(of: entry) { block, _ in
            try block.each(of: passages) { ordinal, hits in
                read.append(Posting(ordinal: ordinal, hits: hits))
                return true
            }
            return true
        }
        #expect(read == written && entry.passages == written.count)
    }
}
