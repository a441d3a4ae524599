import Language
import Models
import Testing

@testable import Storage

/// The packed form of the index, without a database.
@Suite struct SegmentTests {
    private static func search(
        _ segments: [SearchedSegment], _ query: IndexQuery, _ parameters: RankingParameters = .init()
    ) throws -> RankedPassages {
        try IndexSearch(segments, query, parameters, within: SearchBudget(milliseconds: 0)).run()
    }

    /// All that a segment says of its passages and terms.
    private static func contents(of reader: SegmentReader) throws -> [String] {
        var lines: [String] = []
        for run in try reader.runs() {
            for offset in 0..<run.count {
                let ordinal = run.ordinal + offset
                let lengths = try reader.lengths(page: ordinal / 1024)[ordinal % 1024]
                lines.append("\(ordinal) \(run.document) \(run.position + offset) \(lengths)")
            }
        }
        try reader.source.eachDictionaryPage(after: nil) { _, bytes in
            var page = DictionaryPage(bytes)
            while try page.next() {
                let term = page.term
                let entry = try page.entry()
                try reader.eachBlock(of: entry) { block, positions in
                    let bytes = try reader.bytes(of: positions)
                    try bytes.withUnsafeBufferPointer { bytes in
                        var stream = PackedReader(bytes)
                        try block.each(of: reader.passages) { ordinal, hits in
                            let none = PerField<UInt32>(0, 0, 0)
                            let counts = entry.kind == .none ? none : PositionCode.counts(of: hits, entry.kind, &stream)
                            let own = (0..<Int(counts.content + counts.heading + counts.name)).map { _ in
                                stream.varint()
                            }
                            lines.append("\(term) \(ordinal) \(hits) \(counts) \(own)")
                            return true
                        }
                    }
                    return true
                }
            }
        }
        return lines
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func searchFindsWhatScoringAllFinds(seed: UInt64) throws {
        var random = RandomPassages(seed: seed)
        var model = IndexModel()
        var segments: [SearchedSegment] = []
        var removed = Set<DocumentKey>()
        var documents: [DocumentKey] = []
        for _ in 0..<Int.random(in: 1...4, using: &random.numbers) {
            var entries: [IndexModel.Entry] = []
            for _ in 0..<Int.random(in: 1...15, using: &random.numbers) {
                let key = random.key()
                documents.append(key)
                entries += random.document(key, passages: Int.random(in: 1...30, using: &random.numbers))
                if Int.random(in: 0..<6, using: &random.numbers) == 0 { removed.insert(key) }
            }
            model.entries += entries.filter { !removed.contains($0.document) }
            let reader = SegmentReader(try IndexModel.segment(entries))
            segments.append(try SearchedSegment(reader) { removed.contains($0) })
        }
        let merged = SegmentMerge(segments.map { .init(reader: $0.reader, dropped: $0.hidden) })
        var pages: [SegmentPage] = []
        let header = try merged.run { pages.append($0) }
        let whole = [try SearchedSegment(SegmentReader(header, SegmentSource(pages: pages)))]
        let again = SegmentReader(try IndexModel.segment(model.entries))
        #expect(try Self.contents(of: whole[0].reader) == Self.contents(of: again))
        #expect(header.lengths == again.header.lengths && header.languages == again.header.languages)
        for number in 0..<40 {
            let query = random.query(among: documents)
            var parameters = RankingParameters()
            if number % 2 == 1 { (parameters.weights.name, parameters.b.content) = (3, 0.75) }
            let expected = model.search(query, parameters)
            #expect(try IndexModel.agree(Self.search(segments, query, parameters), expected), "\(query)")
            #expect(try IndexModel.agree(Self.search(whole, query, parameters), expected), "\(query)")
        }
    }

    /// Enough postings for pages of their own, for pruning, and for every form of a posting.
    @Test func largeSegmentsFindTheSame() throws {
        var random = RandomPassages(seed: 77, words: 400)
        var model = IndexModel()
        var documents: [DocumentKey] = []
        for _ in 0..<150 {
            documents.append(random.key())
            model.entries += random.document(documents[documents.count - 1], passages: 40)
        }
        let reader = SegmentReader(try IndexModel.segment(model.entries))
        let segments = [try SearchedSegment(reader)]
        for _ in 0..<12 {
            let query = random.query(among: documents)
            #expect(try IndexModel.agree(Self.search(segments, query), model.search(query, .init())), "\(query)")
        }
    }

    @Test func equalScoresPutTheNewestDocumentFirst() throws {
        var entries: [IndexModel.Entry] = []
        for number in [3, 1, 2] as [UInt64] {
            for position in 0..<3 {
                entries.append(
                    .init(
                        document: DocumentKey(high: number, low: 0), position: position,
                        fields: [[.init(term: [97], position: 0)], [], []], lengths: [1, 0, 0]))
            }
        }
        let segments = [try SearchedSegment(SegmentReader(try IndexModel.segment(entries)))]
        let query = IndexQuery([QueryClause(.should, [[.init(bytes: [97])]])], limit: 5)
        let best = try Self.search(segments, query).best
        #expect(best.map(\.document.high) == [3, 3, 3, 2, 2])
        #expect(best.map(\.position) == [0, 1, 2, 0, 1])
    }

    /// Whatever the bytes are, reading them ends with a result or an error.
    @Test func damagedBytesNeverTrap() throws {
        var random = RandomPassages(seed: 5)
        var documents: [DocumentKey] = []
        var entries: [IndexModel.Entry] = []
        for _ in 0..<40 {
            documents.append(random.key())
            entries += random.document(documents[documents.count - 1], passages: 40)
        }
        let intact = try IndexModel.segment(entries)
        var failures = 0
        for _ in 0..<120 {
            var damaged = intact
            for _ in 0..<Int.random(in: 1...4, using: &random.numbers) {
                let page = Int.random(in: 0..<damaged.pages.count, using: &random.numbers)
                guard !damaged.pages[page].data.isEmpty else { continue }
                switch Int.random(in: 0..<3, using: &random.numbers) {
                case 0:
                    damaged.pages[page].data.removeLast(
                        Int.random(in: 1...damaged.pages[page].data.count, using: &random.numbers))
                case 1: damaged.pages.remove(at: page)
                default:
                    let index = Int.random(in: 0..<damaged.pages[page].data.count, using: &random.numbers)
                    damaged.pages[page].data[index] = UInt8.random(in: 0...255, using: &random.numbers)
                }
            }
            do {
                let reader = SegmentReader(damaged)
                let segments = [try SearchedSegment(reader) { $0 == documents[3] }]
                for _ in 0..<5 { _ = try Self.search(segments, random.query(among: documents)) }
                var count = 0
                _ = try SegmentMerge([.init(reader: reader, dropped: segments[0].hidden)]).run { _ in count += 1 }
            } catch is SegmentDamage { failures += 1 }
        }
        #expect(failures > 20)
    }

    @Test func aHeaderCarriesSmallPages() throws {
        var random = RandomPassages(seed: 8)
        let segment = try IndexModel.segment(random.document(random.key(), passages: 3))
        #expect(segment.isSmall)
        let packed = segment.header.packed(with: segment.pages)
        var pages: [SegmentPage] = []
        let header = try packed.withUnsafeBufferPointer { try SegmentHeader($0, pages: &pages) }
        #expect(header == segment.header)
        #expect(pages.map(\.data) == segment.pages.map(\.data))
        for count in 0..<packed.count {
            _ = try? packed.prefix(count).withUnsafeBufferPointer { try SegmentHeader($0, pages: &pages) }
        }
    }
}
