import Archive
import TestSupport
import Testing

struct InflateTests {
    /// Streams and what they unpack to, one after the other: every level and strategy, on content of
    /// every kind and of sizes about the borders of blocks and of the window.
    private static let samples = """
        random.seed(7)
        words = [bytes(random.choices(b"etaoinshrdlu", k=random.randint(1, 9))) for _ in range(500)]
        text = b" ".join(random.choices(words, k=30000))
        contents = [b"", b"a", b"ab" * 40000, bytes(range(256)) * 300, random.randbytes(100000), text,
            text[:32768] + random.randbytes(32768) + text[:32768], b"\\0" * 300000,
            bytes(random.choices(range(256), [1.5 ** -min(n, 90) for n in range(256)], k=60000))]
        """

    private func unpack(_ packed: [UInt8], size: Int) throws(ArchiveError) -> [UInt8] {
        try packed.withUnsafeBufferPointer { bytes throws(ArchiveError) in try Inflate.unpack(bytes, size: size) }
    }

    private func expectPairs(_ pieces: [[UInt8]], atLeast count: Int) throws {
        #expect(pieces.count >= 2 * count)
        for index in stride(from: 0, to: pieces.count, by: 2) {
            #expect(
                try unpack(pieces[index], size: pieces[index + 1].count) == pieces[index + 1], "stream \(index / 2)")
        }
    }

    @Test func everyLevelIsUnderstood() throws {
        let pieces = try Python.pieces(
            """
            \(Self.samples)
            for content in contents:
                for level in range(10):
                    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
                    out += [packer.compress(content) + packer.flush(), content]
            """)
        try expectPairs(pieces, atLeast: 90)
    }

    @Test func everyStrategyAndWindowIsUnderstood() throws {
        let pieces = try Python.pieces(
            """
            \(Self.samples)
            for content in contents:
                for strategy in range(5):
                    for window, memory in [(-9, 1), (-15, 9)]:
                        packer = zlib.compressobj(6, zlib.DEFLATED, window, memory, strategy)
                        half = len(content) // 2
                        start = packer.compress(content[:half]) + packer.flush(zlib.Z_FULL_FLUSH)
                        out += [start + packer.compress(content[half:]) + packer.flush(), content]
            """)
        try expectPairs(pieces, atLeast: 90)
    }

    @Test func aStreamThatEndsEarlyIsDamaged() throws {
        let pieces = try Python.pieces(
            """
            content = b"To be, or not to be, that is the question: " * 9 + bytes(range(90))
            for level in (0, 1, 9):
                packer = zlib.compressobj(level, zlib.DEFLATED, -15)
                out += [packer.compress(content) + packer.flush(), content]
            """)
        for index in stride(from: 0, to: pieces.count, by: 2) {
            for length in 0..<pieces[index].count {
                #expect(throws: ArchiveError.damaged) {
                    try unpack(Array(pieces[index].prefix(length)), size: pieces[index + 1].count)
                }
            }
        }
    }

    @Test func theSizeMustBeRight() throws {
        let packed: [UInt8] = [0x4B, 0x4C, 0x4A, 0x06, 0x00]  // "abc" in a fixed code
        #expect(try unpack(packed, size: 3) == Array("abc".utf8))
        for size in [0, 1, 2, 4, 1000] {
            #expect(throws: ArchiveError.damaged) { try unpack(packed, size: size) }
        }
    }

    @Test(
        arguments: [
            [0x07],  // a block of the kind that does not exist
            [0x01, 1, 0, 0, 0, 65],  // a stored length and a complement that do not fit
            [0x01, 5, 0, 0xFA, 0xFF, 65],  // more stored bytes than there are
            [0x63, 0x00, 0x42, 0x00, 0x00],  // a copy from before the beginning
            [0xFD, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],  // more symbols than the format has
            [0x05, 0xE0, 0x81, 0, 0, 0, 0, 0, 0, 0],  // a code that is no code
        ] as [[UInt8]])
    func brokenStreamsAreDamaged(packed: [UInt8]) {
        #expect(throws: ArchiveError.damaged) { try unpack(packed, size: 3) }
    }

    @Test func noBytesBringItDown() throws {
        let pieces = try Python.pieces(
            """
            content = b"".join(b"%d bottles of beer on the wall, " % n for n in range(200))
            for level in (1, 9):
                packer = zlib.compressobj(level, zlib.DEFLATED, -15)
                out += [packer.compress(content) + packer.flush(), content]
            """)
        var random = Random(state: 3)
        for round in 0..<4_000 {
            var packed = pieces[round % 2 * 2]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                packed[Int.random(in: 0..<packed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? unpack(packed, size: pieces[1].count)
            _ = try? unpack((0..<60).map { _ in UInt8.random(in: 0...255, using: &random) }, size: 5_000)
        }
    }

    @Test func checksumsAreThoseOfTheStandard() {
        #expect(Array("123456789".utf8).withUnsafeBufferPointer(CRC32.checksum) == 0xCBF4_3926)
        #expect([UInt8]().withUnsafeBufferPointer(CRC32.checksum) == 0)
    }
}
