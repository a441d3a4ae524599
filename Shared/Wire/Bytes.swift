import Glibc

/// A view of bytes owned by the caller. Valid only during the call that passes it.
public typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    @inlinable public static var none: Bytes { Bytes(start: nil, count: 0) }

    /// `/`, valid forever.
    public static var slash: Bytes {
        let text: StaticString = "/"
        return Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    @inlinable public func slice(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }
    @inlinable public func slice(from start: Int) -> Bytes { Bytes(rebasing: self[start...]) }

    /// The index of the first `byte` at or after `start`.
    @inlinable
    public func first(_ byte: UInt8, from start: Int = 0) -> Int? {
        guard start < count, let base = baseAddress,
            let found = memchr(base + start, Int32(byte), count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    @inlinable
    public func equals(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        guard let base = baseAddress else { return true }
        return memcmp(base, word.utf8Start, count) == 0
    }

    @inlinable
    public func equals(_ other: Bytes) -> Bool {
        guard count == other.count else { return false }
        guard let left = baseAddress, let right = other.baseAddress else { return true }
        return memcmp(left, right, count) == 0
    }

    /// Whether the bytes equal `word`, ignoring case. `word` must be in lower case.
    @inlinable
    public func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return indices.allSatisfy { ASCII.lowercase(self[$0]) == word.utf8Start[$0] }
    }

    @inlinable
    public func equalsIgnoringCase(_ other: Bytes) -> Bool {
        count == other.count && indices.allSatisfy { ASCII.lowercase(self[$0]) == ASCII.lowercase(other[$0]) }
    }

    /// The bytes without leading and trailing spaces and tabs (`OWS`, RFC 9110 section 5.6.3).
    @inlinable
    public var trimmed: Bytes {
        var start = 0
        var end = count
        while start < end, ASCII.isBlank(self[start]) { start += 1 }
        while end > start, ASCII.isBlank(self[end - 1]) { end -= 1 }
        return slice(start..<end)
    }

    /// Calls `body` with the trimmed, non-empty parts between `separator`s.
    @inlinable
    public func forEachPart(separatedBy separator: UInt8, _ body: (Bytes) -> Void) {
        var start = 0
        while start <= count {
            let end = first(separator, from: start) ?? count
            let part = slice(start..<end).trimmed
            if !part.isEmpty { body(part) }
            start = end + 1
        }
    }

    /// Ill-formed UTF-8 is repaired.
    @inlinable public var text: String { String(decoding: self, as: UTF8.self) }
}
