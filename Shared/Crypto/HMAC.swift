/// HMAC-SHA-256 (RFC 2104). The key's two blocks are hashed once and reused for every message.
public struct HMACSHA256: Sendable {
    let inner: SHA256
    let outer: SHA256

    public init(key: [UInt8]) {
        var block = key.count > SHA256.blockLength ? SHA256.hash(key) : key
        block.append(contentsOf: repeatElement(0, count: SHA256.blockLength - block.count))
        inner = Self.hasher(after: block.map { $0 ^ 0x36 })
        outer = Self.hasher(after: block.map { $0 ^ 0x5C })
    }

    public func authenticate(_ message: [UInt8]) -> [UInt8] {
        var first = inner
        first.update(message)
        var second = outer
        second.update(first.finalize())
        return second.finalize()
    }

    private static func hasher(after block: [UInt8]) -> SHA256 {
        var hasher = SHA256()
        hasher.update(block)
        return hasher
    }
}

/// Compares in a time that depends on the lengths only.
public func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}

/// Bytes of the system's cryptographic generator (getrandom(2) on Linux).
public func secureRandomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}
