import Testing

@testable import Storage

/// The packed dictionary, without postings on pages of their own.
@Suite struct DictionaryTests {
    @Test func numbersAreReadAsTheyWereWritten() {
        var numbers = Numbers(state: 1)
        let values = (0..<2000).map { UInt32(truncatingIfNeeded: numbers.next()) >> UInt32($0 % 32) }
        var writer = BitWriter()
        for (index, value) in values.enumerated() {
            writer.rice(value, index % 24)
            writer.gamma(Int(value) << (index % 20))
            writer.write(value & 0x1FFF, 13)
        }
        let size = writer.count
        writer.withBytes { bytes in
            var reader = BitReader(bytes)
            for (index, value) in values.enumerated() {
                #expect(reader.rice(index % 24) == value)
                #expect(reader.gamma() == Int(value) << (index % 20))
                #expect(reader.read(13) == value & 0x1FFF)
            }
            #expect(reader.position == size && !reader.isDamaged)
            reader.position = bytes.count * 8 - 3
            _ = reader.read(4)
            #expect(reader.isDamaged)
        }
    }

    /// With weights like Fibonacci's numbers, the best code would have very long ones.
    @Test(arguments: [0, 1, 2, 40]) func symbolsAreReadAsTheyWereWritten(kinds: Int) {
        let code = PrefixEncoder(size: 64)
        var symbols: [Int] = []
        var (weight, next) = (1, 1)
        for symbol in 0..<kinds {
            symbols += Array(repeating: symbol, count: min(weight, 1000))
            for _ in 0..<min(weight, 100_000) { code.count(symbol) }
            (weight, next) = (next, weight + next)
        }
        _ = code.build()
        var writer = BitWriter()
        code.writeCode(to: &writer)
        for symbol in symbols { code.write(symbol, to: &writer) }
        writer.withBytes { bytes in
            var reader = BitReader(bytes)
            let decoder = PrefixDecoder(&reader, size: 64)
            defer { decoder.deallocate() }
            #expect(symbols.allSatisfy { decoder.read(&reader) == $0 })
            #expect(!reader.isDamaged)
        }
    }

    @Test(arguments: [1, 60, 100_000]) func everyTermIsFound(passages: Int) throws {
        var numbers = Numbers(state: UInt64(passages))
        var writer = DictionaryWriter(passages: passages)
        var pages: [SegmentPage] = []
        var expected: [(term: [UInt8], list: [UInt8], positions: Range<Int>)] = []
        var position = 0
        var terms = Set<[UInt8]>()
        for _ in 0..<5000 {
            let length = Int.random(in: 1...40, using: &numbers)
            terms.insert((0..<length).map { _ in UInt8.random(in: 97...110, using: &numbers) })
        }
        for (index, term) in terms.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated() {
            let count = min(passages, index % 50 == 0 ? 300 : index % 5 + 1)
            var list = PackedWriter()
            for _ in 0..<count {
                let content = index % 2 == 0 ? 1 : UInt32.random(in: 1...3, using: &numbers)
                let gap = UInt32.random(in: 0...UInt32(passages / count - 1), using: &numbers)
                PostingCode.write(PerField(content, 0, UInt32(index % 3)), gap: gap, to: &list)
            }
            let size = count + index % 7
            try writer.add(
                term, passages: count, .all, .inline(list.bytes, positionBytes: size), positionsBefore: position
            ) { pages.append($0) }
            expected.append((term, list.bytes, position..<(position + size)))
            position += size
        }
        try writer.finish { pages.append($0) }
        // Hardly any space is lost.
        #expect(pages.allSatisfy { $0.data.count + $0.term.count <= SegmentFormat.pageBytes })
        #expect(pages.dropLast().allSatisfy { $0.data.count > SegmentFormat.pageBytes * 8 / 10 })
        var header = SegmentHeader()
        header.passages = passages
        let reader = SegmentReader(header, SegmentSource(pages: pages))
        for (term, list, positions) in expected {
            let entry = try #require(try reader.entry(of: term))
            #expect(entry.positions == positions && entry.term == term)
            guard case .inline(let found) = entry.postings, found == list else { throw SegmentDamage() }
            #expect(try reader.entry(of: term + [0]) == nil)
        }
        #expect(try reader.entries(beginningWith: [97], atMost: .max).count == expected.count { $0.term[0] == 97 })
    }
}
