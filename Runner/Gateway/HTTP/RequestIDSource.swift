import Wire

/// Generates request ids.
struct RequestIDSource {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private var state = UInt64.random(in: .min ... .max)

    /// A new ULID: 48 bits of time and 80 random bits, in Crockford's base 32. Unique, but not secret.
    mutating func next() -> String {
        let time = UInt64(Timestamp.now().milliseconds)
        let (high, low) = (random(), random())
        return String(unsafeUninitializedCapacity: 26) { target in
            for index in 0..<10 { target[index] = Self.alphabet[Int(time >> UInt64(45 - index * 5) & 31)] }
            for index in 0..<8 {
                target[10 + index] = Self.alphabet[Int(high >> UInt64(index * 5) & 31)]
                target[18 + index] = Self.alphabet[Int(low >> UInt64(index * 5) & 31)]
            }
            return 26
        }
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
