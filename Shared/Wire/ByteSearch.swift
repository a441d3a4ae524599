/// Searches and splits protocol text by bytes, never by `Character`.
///
/// In a protocol, a comma is a byte. Swift's `split(separator: ",")` compares `Character`s, and a comma before U+0301
/// or after U+0600 is a different one, so a client could hide separators. `hasPrefix`, `firstIndex(of:)` and `==` have
/// the same problem; they also treat U+037E as a semicolon and U+212A as a K. `deploy/scripts/check.sh` forbids them.
///
/// Only ASCII bytes are searched for, so every index found lies between two scalars.
extension StringProtocol where SubSequence == Substring {
    /// The pieces between the `separator` bytes.
    public func split(
        atByte separator: Unicode.Scalar, maxSplits: Int = Int.max, omittingEmptySubsequences: Bool = true
    ) -> [Substring] {
        utf8.split(
            separator: separator.byte, maxSplits: maxSplits, omittingEmptySubsequences: omittingEmptySubsequences
        ).map { self[$0.startIndex..<$0.endIndex] }
    }

    /// The text before the first byte in `ends`; all of it if there is none.
    public func prefix(beforeAnyOf ends: StaticString) -> Substring {
        let stop = utf8.firstIndex { ends.containsByte($0) } ?? endIndex
        return self[..<stop]
    }

    /// The words separated by commas and blanks: the items of a list in a variable.
    public var listItems: [String] { split(atByte: ",").flatMap { $0.split(atByte: " ") }.map(String.init) }

    /// The text after `prefix`; nil if it does not begin with that.
    public func without(prefix: String) -> Substring? {
        guard starts(withBytes: prefix) else { return nil }
        return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
    }

    public func firstIndex(ofByte byte: Unicode.Scalar) -> Index? { utf8.firstIndex(of: byte.byte) }

    public func lastIndex(ofByte byte: Unicode.Scalar) -> Index? { self[...].utf8.lastIndex(of: byte.byte) }

    /// The index of the first occurrence of `bytes`; nil if `bytes` is empty.
    public func firstIndex(ofBytes bytes: String) -> Index? {
        guard let first = bytes.utf8.first else { return nil }
        var index = startIndex
        while let found = utf8[index...].firstIndex(of: first) {
            if utf8[found...].starts(with: bytes.utf8) { return found }
            index = utf8.index(after: found)
        }
        return nil
    }
}

extension StringProtocol {
    public func starts(withBytes prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

    public func ends(withBytes suffix: some StringProtocol) -> Bool {
        utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    public func contains(byte: Unicode.Scalar) -> Bool { utf8.contains(byte.byte) }

    /// Whether both are equal byte for byte; `==` compares canonical equivalents.
    public func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Converts A to Z to lower case and leaves everything else unchanged. `lowercased()` turns U+212A into a k.
    public var lowercasedASCII: String {
        String(decoding: utf8.map(ASCII.lowercase), as: UTF8.self)
    }

    /// Converts a to z to upper case and leaves everything else unchanged. `uppercased()` turns U+017F into an S.
    public var uppercasedASCII: String {
        String(decoding: utf8.map(ASCII.uppercase), as: UTF8.self)
    }
}

extension Unicode.Scalar {
    fileprivate var byte: UInt8 { UInt8(truncatingIfNeeded: value) }
}

extension StaticString {
    fileprivate func containsByte(_ byte: UInt8) -> Bool {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount).contains(byte)
    }
}
