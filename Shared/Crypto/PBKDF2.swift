extension HMACSHA256 {
    /// PBKDF2 with this HMAC, whose key is the password (RFC 8018 section 5.2), for a derived key of 32 bytes.
    ///
    /// Every round after the first authenticates 32 bytes, which is one block for each of the two hashes. It is filled
    /// in place.
    /// - Parameter rounds: at least 1.
    public func stretch(salt: [UInt8], rounds: Int) -> [UInt8] {
        var result = authenticate(salt + [0, 0, 0, 1])
        // A digest, and the padding for the length of a block and this digest (FIPS 180-4 section 5.1.1).
        let length = (SHA256.blockLength + SHA256.digestLength) * 8
        var block = result + [0x80] + [UInt8](repeating: 0, count: 29)
        block += [UInt8(length >> 8), UInt8(length & 0xFF)]
        block.withUnsafeMutableBufferPointer { block in
            for _ in 1..<max(1, rounds) {
                for index in 0..<2 {
                    var state = index == 0 ? inner.state : outer.state
                    SHA256.compress(UnsafeBufferPointer(block), into: &state)
                    SHA256.write(state, to: block)
                }
                for index in result.indices { result[index] ^= block[index] }
            }
        }
        return result
    }
}
