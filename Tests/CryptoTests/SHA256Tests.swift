import Testing

@testable import Crypto

/// SHA-256 against the vectors of NIST's Cryptographic Algorithm Validation Program.
struct SHA256Tests {
    @Test(arguments: [("SHA256ShortMsg.rsp", 65), ("SHA256LongMsg.rsp", 25)])
    func messagesHaveTheirDigests(file: String, count: Int) throws {
        let records = try Vectors.records(file)
        #expect(records.count == count)
        for record in records {
            let length = try #require(record["Len"].flatMap { Int($0) })
            // A message of no bits is written as one byte.
            let message = Array(try bytes(hex: record["Msg"]).prefix(length / 8))
            #expect(message.count == length / 8)
            #expect(SHA256.hash(message) == (try bytes(hex: record["MD"])), "\(length) bits")
        }
    }

    /// The digest of a message does not depend on the pieces in which it comes.
    @Test func piecesOfAnySizeGiveTheSameDigest() throws {
        let record = try #require(try Vectors.records("SHA256LongMsg.rsp").first)
        let message = try bytes(hex: record["Msg"])
        let digest = try bytes(hex: record["MD"])
        for size in [1, 3, 55, 56, 63, 64, 65, 127, 128, 129] {
            var hasher = SHA256()
            for start in stride(from: 0, to: message.count, by: size) {
                hasher.update(message[start..<min(start + size, message.count)])
            }
            #expect(hasher.finalize() == digest, "pieces of \(size) bytes")
        }
    }

    /// What the processor's instructions compute, and what Swift computes on processors without them.
    @Test func bothWaysToHashABlockAgree() {
        var state = SHA256().state
        var other = state
        for round in 0..<200 {
            let blocks = (0..<(SHA256.blockLength * (round % 3))).map { UInt8(truncatingIfNeeded: $0 * $0 + round * 7) }
            blocks.withUnsafeBufferPointer { bytes in
                SHA256.compress(bytes, into: &state)
                for start in stride(from: 0, to: bytes.count, by: SHA256.blockLength) {
                    guard let block = bytes.baseAddress else { continue }
                    SHA256.compressPortably(block + start, into: &other)
                }
            }
            #expect([state.0, state.1, state.2, state.3] == [other.0, other.1, other.2, other.3])
            #expect([state.4, state.5, state.6, state.7] == [other.4, other.5, other.6, other.7])
        }
        #expect(state.0 != SHA256().state.0)
    }

    /// A collection without contiguous storage is hashed as well.
    @Test func anyCollectionOfBytesIsHashed() throws {
        #expect(SHA256.hash("abc".utf8.lazy.map { $0 }) == SHA256.hash(Array("abc".utf8)))
        // FIPS 180-2, appendix B.1.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.hash("abc".utf8) == (try bytes(hex: digest)))
    }

    /// The Monte Carlo test: each digest depends on the 1,000 before it. The first ten of its hundred checkpoints:
    /// without optimisation, all of them take too long.
    @Test func theMonteCarloCheckpointsAgree() throws {
        let records = try Vectors.records("SHA256Monte.rsp")
        #expect(records.count == 101)
        var seed = try bytes(hex: records.first?["Seed"])
        for record in records.dropFirst().prefix(10) {
            var last = (seed, seed, seed)
            for _ in 0..<1000 { last = (last.1, last.2, SHA256.hash(last.0 + last.1 + last.2)) }
            seed = last.2
            #expect(seed == (try bytes(hex: record["MD"])), "checkpoint \(record["COUNT"] ?? "")")
        }
    }
}
