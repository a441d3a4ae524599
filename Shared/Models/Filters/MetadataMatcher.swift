import Glibc
import Wire

/// Applies a filter to stored metadata, reading only the keys that the filter needs.
public struct MetadataMatcher {
    private let filter: MetadataFilter
    /// The keys of the outermost object that the filter reads.
    private let keys: [(name: String, bytes: [UInt8])]

    public init(_ filter: MetadataFilter) {
        self.filter = filter
        var names: [String] = []
        for key in filter.keys {
            for name in [key.text, key.head].compactMap({ $0 }) where !names.contains(name) { names.append(name) }
        }
        keys = names.map { ($0, Array($0.utf8)) }
    }

    /// Whether a document with this metadata matches; one whose metadata is not an object counts as without metadata.
    ///
    /// - Parameter metadata: JSON text.
    public func matches(_ metadata: UnsafeBufferPointer<UInt8>) -> Bool {
        filter.matches(members(of: metadata))
    }

    /// The members that the filter needs.
    private func members(of metadata: UnsafeBufferPointer<UInt8>) -> JSONObject {
        var needed = JSONObject()
        var scan = CompactObjectScan(metadata)
        while let member = scan.next() {
            guard let key = keys.first(where: { Self.isEqual($0.bytes, member.key) }) else { continue }
            guard let value = try? JSONReader.parse(member.value) else { return readMembers(of: metadata) }
            needed.append(key.name, value)
        }
        return scan.isComplete ? needed : readMembers(of: metadata)
    }

    private static func isEqual(_ key: [UInt8], _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard key.count == other.count else { return false }
        guard let start = other.baseAddress else { return true }
        return key.withUnsafeBytes { bytes in bytes.baseAddress.map { memcmp($0, start, key.count) == 0 } ?? true }
    }

    /// The same for any JSON text.
    private func readMembers(of metadata: UnsafeBufferPointer<UInt8>) -> JSONObject {
        var needed = JSONObject()
        var reader = JSONReader(metadata)
        do throws(JSONError) {
            try reader.readObject { (reader, key) throws(JSONError) in
                if keys.contains(where: { $0.name.hasSameBytes(as: key) }) {
                    needed.append(key, try reader.readValue())
                } else {
                    try reader.skipValue()
                }
            }
        } catch {
            return JSONObject()
        }
        return needed
    }
}

/// Splits an object into its members without checking or decoding them: a fraction of the time of reading it, and a
/// search with a filter reads the metadata of every document. Gives up on what `JSONWriter` does not write, such as
/// white space, and on escapes in keys.
struct CompactObjectScan {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0
    /// Whether the scan has reached the end of the object.
    private(set) var isComplete = false

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    typealias Member = (key: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>)

    /// Nil at the end, or if the scan gives up.
    mutating func next() -> Member? {
        guard !isComplete, take(index == 0 ? "{" : ",") else { return nil }
        if index == 1, index + 1 == text.count, text[index] == UInt8(ascii: "}") {
            isComplete = true
            return nil
        }
        guard take("\"") else { return nil }
        let start = index
        guard let end = nextQuote(), end == start || text[end - 1] != UInt8(ascii: "\\") else { return nil }
        let key = UnsafeBufferPointer(rebasing: text[start..<end])
        index = end + 1
        guard !key.contains(UInt8(ascii: "\\")), take(":") else { return nil }
        let valueStart = index
        guard skipValue() else { return nil }
        isComplete = index + 1 == text.count && text[index] == UInt8(ascii: "}")
        return (key, UnsafeBufferPointer(rebasing: text[valueStart..<index]))
    }

    /// Moves behind the value. Returns false if it has no end.
    private mutating func skipValue() -> Bool {
        var depth = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ","): if depth == 0 { return true }
            default: break
            }
            index += 1
        }
        return false
    }

    private mutating func skipString() -> Bool {
        index += 1
        // Most strings have no escapes.
        if let end = nextQuote(), end == index || text[end - 1] != UInt8(ascii: "\\") {
            index = end + 1
            return true
        }
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                return true
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return false
    }

    /// The index of the next quotation mark.
    private func nextQuote() -> Int? {
        guard let start = text.baseAddress, index < text.count,
            let found = memchr(start + index, Int32(UInt8(ascii: "\"")), text.count - index)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(start)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }
}
