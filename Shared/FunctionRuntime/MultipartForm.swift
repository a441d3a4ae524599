import Models
import Wire

/// A parsed `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1).
public struct MultipartForm {
    /// One part: a file if it has a file name, otherwise a field.
    public struct Part {
        public var name: String
        public var fileName: String?
        public var contentType: String?
        public var content: ArraySlice<UInt8>
    }

    public private(set) var parts: [Part] = []

    /// The most parts, so that a body consisting of nothing but boundaries is cheap.
    private static let maximumParts = 200
    /// The most bytes and the most lines in the headers of a part.
    private static let headLimit = 16 << 10
    private static let maximumHeaders = 32

    /// Throws 400 if the body does not match its content type.
    public init(body: [UInt8], contentType: String) throws {
        guard let boundary = FormHead.parameter("boundary", of: Array(contentType.utf8)[...]),
            (1...70).contains(boundary.utf8.count)
        else {
            throw Self.malformed("the Content-Type names no boundary")
        }
        let delimiter = Array("--\(boundary)".utf8)
        guard var position = Self.place(of: delimiter, in: body, from: 0)?.upperBound else {
            throw Self.malformed("its boundary is missing")
        }
        let separator = Array("\r\n".utf8) + delimiter
        while !body[position...].starts(with: "--".utf8) {
            guard let start = body.firstRange(of: Array("\r\n".utf8), from: position)?.upperBound,
                let end = Self.place(of: separator, in: body, from: max(position, start - 2))
            else { throw Self.malformed("its last part has no end") }
            parts.append(try Self.part(body, from: start, to: max(start, end.lowerBound)))
            if parts.count > Self.maximumParts { throw Self.malformed("it has more than \(Self.maximumParts) parts") }
            position = end.upperBound
        }
    }

    /// The first delimiter. `--`, white space or a line break must follow it (RFC 2046 section 5.1.1): with the
    /// boundary `B`, a line `--Bogus` is part of the content.
    private static func place(of delimiter: [UInt8], in body: [UInt8], from start: Int) -> Range<Int>? {
        var position = start
        while let found = body.firstRange(of: delimiter, from: position) {
            let behind = body[found.upperBound...]
            let isSpace = behind.first == 0x20 || behind.first == 9
            if isSpace || behind.starts(with: "--".utf8) || behind.starts(with: "\r\n".utf8) { return found }
            position = found.lowerBound + 1
        }
        return nil
    }

    private static func part(_ body: [UInt8], from start: Int, to end: Int) throws -> Part {
        let blank = Array("\r\n\r\n".utf8)
        let limit = min(body.count, start + headLimit + blank.count)
        guard let head = body.firstRange(of: blank, from: start, before: limit), head.lowerBound <= end else {
            throw malformed(
                end - start > headLimit
                    ? "the head of a part is longer than \(headLimit) bytes" : "a part has no headers")
        }
        let lines = FormHead.lines(body[start..<head.lowerBound])
        guard lines.count <= maximumHeaders else { throw malformed("a part has more than \(maximumHeaders) headers") }
        var disposition: ArraySlice<UInt8>?
        var contentType: ArraySlice<UInt8>?
        for line in lines {
            if let value = FormHead.value(of: "content-disposition", in: line) { disposition = value }
            if let value = FormHead.value(of: "content-type", in: line) { contentType = value }
        }
        guard let disposition, let name = FormHead.parameter("name", of: disposition) else {
            throw malformed("a part has no name")
        }
        let encoded = FormHead.parameter("filename*", of: disposition).flatMap(FormHead.extendedValue)
        return Part(
            name: name, fileName: encoded ?? FormHead.parameter("filename", of: disposition),
            contentType: contentType.map { String(decoding: $0, as: UTF8.self).trimmed },
            content: body[min(head.upperBound, end)..<end])
    }

    private static func malformed(_ reason: String) -> APIError {
        APIError(.badRequest, "The multipart form cannot be read: \(reason)")
    }
}

extension [UInt8] {
    /// The first occurrence of `pattern` at or after `start` that ends before `limit`.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int, before limit: Int = Int.max) -> Range<Int>? {
        guard let first = pattern.first, start >= 0 else { return nil }
        return withUnsafeBufferPointer { bytes in
            var index = start
            let end = Swift.min(bytes.count, limit)
            while index + pattern.count <= end {
                if bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
                    return index..<(index + pattern.count)
                }
                index += 1
            }
            return nil
        }
    }
}
