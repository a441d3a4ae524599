import Wire

/// Puts something of the same form in the place of a secret, and the same thing for the same secret,
/// so that a recording can be shown around and still be replayed: the stand-in for a password that
/// somebody registered with is the one that they log in with later.
///
/// The characters come from a keyed hash (SipHash, with a key that is made at each start and never
/// leaves the process), so that nothing leads back to the secret.
enum StandIn {
    static let mask = SecretMask { _, secret in of(secret) }

    /// Letters become letters and digits digits; a prefix such as `nxl_`, all other characters and the
    /// length stay, so that what is valid remains so.
    static func of(_ secret: String) -> String {
        var hasher = Hasher()
        hasher.combine(secret)
        var state = UInt64(bitPattern: Int64(hasher.finalize()))
        let kept = prefixLength(secret)
        // The last characters before the padding of base64 are not free.
        let padding = secret.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let end = padding > 0 ? secret.utf8.count - padding - 1 : secret.utf8.count
        var bytes: [UInt8] = []
        for (index, byte) in secret.utf8.enumerated() {
            bytes.append(index < kept || index >= end ? byte : replaced(byte, &state))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func prefixLength(_ secret: String) -> Int {
        guard let mark = secret.utf8.prefix(8).lastIndex(of: UInt8(ascii: "_")) else { return 0 }
        return secret.utf8.distance(from: secret.utf8.startIndex, to: mark) + 1
    }

    private static func replaced(_ byte: UInt8, _ state: inout UInt64) -> UInt8 {
        // SplitMix64 (Steele, Lea and Flood, 2014).
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return UInt8(ascii: "a") + UInt8(mixed % 26)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return UInt8(ascii: "A") + UInt8(mixed % 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt8(ascii: "0") + UInt8(mixed % 10)
        default: return byte
        }
    }
}
