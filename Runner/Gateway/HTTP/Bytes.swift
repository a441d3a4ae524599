import Glibc

/// A view of bytes that belong to somebody else and stay valid only for the present call.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer<UInt8> {
    static var none: Bytes { Bytes(start: nil, count: 0) }

    /// `/`, for good.
    static var slash: Bytes {
        let text: StaticString = "/"
        return Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    func slice(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }
    func slice(from start: Int) -> Bytes { Bytes(rebasing: self[start...]) }

    /// The index of the first `byte` at or after `start`.
    func first(_ byte: UInt8, from start: Int = 0) -> Int? {
        guard start < count, let base = baseAddress,
            let found = memchr(base + start, Int32(byte), count - start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    func equals(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        guard let base = baseAddress else { return true }
        return memcmp(base, word.utf8Start, count) == 0
    }

    func equals(_ other: Bytes) -> Bool {
        guard count == other.count else { return false }
        guard let left = baseAddress, let right = other.baseAddress else { return true }
        return memcmp(left, right, count) == 0
    }

    /// Whether the bytes are `word`, which is in lower case, in whatever case they are.
    func equalsIgnoringCase(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return indices.allSatisfy { ASCII.lowercase(self[$0]) == word.utf8Start[$0] }
    }

    func equalsIgnoringCase(_ other: Bytes) -> Bool {
        count == other.count && indices.allSatisfy { ASCII.lowercase(self[$0]) == ASCII.lowercase(other[$0]) }
    }

    /// Without spaces and tabs at either end (`OWS`, RFC 9110 section 5.6.3).
    var trimmed: Bytes {
        var start = 0
        var end = count
        while start < end, ASCII.isBlank(self[start]) { start += 1 }
        while end > start, ASCII.isBlank(self[end - 1]) { end -= 1 }
        return slice(start..<end)
    }

    /// Calls `body` with the trimmed, non-empty parts between `separator`s.
    func forEachPart(separatedBy separator: UInt8, _ body: (Bytes) -> Void) {
        var start = 0
        while start <= count {
            let end = first(separator, from: start) ?? count
            let part = slice(start..<end).trimmed
            if !part.isEmpty { body(part) }
            start = end + 1
        }
    }

    var text: String { String(decoding: self, as: UTF8.self) }
}

/// Classes of ASCII characters, as HTTP's grammar has them.
enum ASCII {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")

    static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// `tchar`: what names of methods and header fields are made of (RFC 9110 section 5.6.2).
    static func isTokenCharacter(_ byte: UInt8) -> Bool { tokenCharacters[Int(byte)] }

    static func isToken(_ bytes: Bytes) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { tokenCharacters[Int($0)] }
    }

    /// Whether a field value holds nothing that could end it: no control characters but the tab.
    static func isFieldValue(_ bytes: Bytes) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
    }

    /// A global table, because every byte of every field name is looked up in it; never written
    /// after its initialisation, never freed.
    nonisolated(unsafe) private static let tokenCharacters: UnsafePointer<Bool> = {
        let table = UnsafeMutablePointer<Bool>.allocate(capacity: 256)
        table.initialize(repeating: false, count: 256)
        for byte in "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8 {
            table[Int(byte)] = true
        }
        return UnsafePointer(table)
    }()
}
