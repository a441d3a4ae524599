extension HMACSHA256 {
    /// PBKDF2 with this HMAC, whose key is the password (RFC 8018 section 5.2), for a derived key of 32 bytes.
    ///
    /// Every round after the first authenticates 32 bytes, so it is one block for each of the two hashes, which are
    /// filled in place.
    /// - Parameter rounds: at least 1.
    public func stretch(salt: [UInt8], rounds: Int) -> [UInt8] {
        var last = SHA256.words(authenticate(salt + [0, 0, 0, 1]))
        var result = last
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            for _ in 1..<max(1, rounds) {
                for start in [inner.state, outer.state] {
                    SHA256.fill(schedule, with: last)
                    last = start
                    SHA256.compress(schedule, into: &last)
                }
                result = SHA256.exclusiveOr(result, last)
            }
        }
        return SHA256.bytes(result)
    }
}

extension SHA256 {
    /// Fills a block with a digest and the padding for what follows one block (FIPS 180-4 section 5.1.1).
    fileprivate static func fill(_ block: UnsafeMutableBufferPointer<UInt32>, with digest: State) {
        (block[0], block[1], block[2], block[3]) = (digest.0, digest.1, digest.2, digest.3)
        (block[4], block[5], block[6], block[7]) = (digest.4, digest.5, digest.6, digest.7)
        block[8] = 0x8000_0000
        for index in 9..<15 { block[index] = 0 }
        block[15] = UInt32((blockLength + digestLength) * 8)
    }

    fileprivate static func exclusiveOr(_ left: State, _ right: State) -> State {
        (
            left.0 ^ right.0, left.1 ^ right.1, left.2 ^ right.2, left.3 ^ right.3,
            left.4 ^ right.4, left.5 ^ right.5, left.6 ^ right.6, left.7 ^ right.7
        )
    }

    /// A digest as numbers.
    fileprivate static func words(_ digest: [UInt8]) -> State {
        func word(_ index: Int) -> UInt32 {
            digest[(index * 4)..<(index * 4 + 4)].reduce(0) { $0 << 8 | UInt32($1) }
        }
        return (word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7))
    }

    /// Numbers as a digest.
    static func bytes(_ words: State) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digestLength)
        for word in [words.0, words.1, words.2, words.3, words.4, words.5, words.6, words.7] {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
            }
        }
        return bytes
    }
}
