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

    private static func segment(_ postings: [Posting], _ passages: Int) throws -> PreparedSegment {
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
        return PreparedSegment(header: header, pages: pages)
    }

    private static func read(_ reader: SegmentReader) throws -> [Posting] {
        var read: [Posting] = []
        guard let entry = try reader.entry(of: Array("word".utf8)) else { return [] }
        try reader.eachBlock(of: entry) { block, _ in
            try block.each(of: reader.passages) { ordinal, hits in
                read.append(Posting(ordinal: ordinal, hits: hits))
                return true
            }
            return true
        }
        return read
    }

    @Test(arguments: 1...12) func postingsAreReadAsTheyWereWritten(seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed))
        let passages = Int.random(in: 1...20_000, using: &numbers)
        let written = Self.postings(passages, &numbers)
        let reader = SegmentReader(try Self.segment(written, passages))
        let entry = try #require(try reader.entry(of: Array("word".utf8)))
        #expect(try Self.read(reader) == written && entry.passages == written.count)
    }

    /// Whatever the bytes are, reading, locating and packing them again ends with a result or an error.
    @Test(arguments: 1...6) func damagedWindowsNeverTrap(seed: Int) throws {
        var numbers = Numbers(state: UInt64(seed))
        let passages = 9000
        let intact = try Self.segment(Self.postings(passages, &numbers), passages)
        let wanted = (0..<UInt32(passages)).filter { _ in Int.random(in: 0..<20, using: &numbers) == 0 }
        var failures = 0
        for _ in 0..<200 {
            var damaged = intact
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                let page = Int.random(in: 0..<damaged.pages.count, using: &numbers)
                let byte = Int.random(in: 0..<damaged.pages[page].data.count, using: &numbers)
                damaged.pages[page].data[byte] = UInt8.random(in: 0...255, using: &numbers)
                if Int.random(in: 0..<4, using: &numbers) == 0 { damaged.pages[page].part = 0 }
            }
            do {
                let reader = SegmentReader(damaged)
                _ = try Self.segment(Self.read(reader), passages)
                if let entry = try reader.entry(of: Array("word".utf8)) {
                    let matcher = PhraseMatcher(reader: reader, budget: SearchBudget(milliseconds: 0))
                    _ = try matcher.locate(entry, among: wanted)
                }
            } catch is SegmentDamage { failures += 1 }
        }
        #expect(failures > 20)
    }

    @Test func postingsOutOfOrderAreDamage() {
        let posting = Posting(ordinal: 5, hits: PerField(1, 0, 0))
        #expect(throws: SegmentDamage.self) { try Self.segment([posting, posting], 10) }
    }
}
