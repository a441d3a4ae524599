import Models
import Wire

/// A `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1), taken apart.
public struct MultipartForm {
    /// One part: a field, or a file when it has a file name.
    public struct Part {
        public var name: String
        public var fileName: String?
        public var contentType: String?
        public var content: ArraySlice<UInt8>
    }

    public private(set) var parts: [Part] = []

    /// More parts than this are refused, so that a body of nothing but boundaries stays cheap.
    private static let maximumParts = 200

    /// Throws 400 for a body that is not what its content type says.
    public init(body: [UInt8], contentType: String) throws {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
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

    /// Where a delimiter stands first. It is one only before `--`, white space or a line break (RFC 2046,
    /// section 5.1.1): with the boundary `B`, a line `--Bogus` belongs to its part.
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
        guard let head = body.firstRange(of: blank, from: start), head.upperBound <= end || head.lowerBound <= end
        else {
            throw malformed("a part has no headers")
        }
        var headers: [String: String] = [:]
        for line in String(decoding: body[start..<head.lowerBound], as: UTF8.self).split(separator: "\r\n") {
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { headers[pair[0].lowercased()] = pair[1].trimmed }
        }
        guard let disposition = headers["content-disposition"], let name = parameter("name", of: disposition) else {
            throw malformed("a part has no name")
        }
        let encoded = parameter("filename*", of: disposition).flatMap(Self.extendedValue)
        return Part(
            name: name, fileName: encoded ?? parameter("filename", of: disposition),
            contentType: headers["content-type"], content: body[min(head.upperBound, end)..<end])
    }

    /// A parameter of a header value: quoted or not, its name without regard to case.
    private static func parameter(_ name: String, of header: String) -> String? {
        var rest = header.drop { $0 != ";" }.dropFirst()
        while !rest.isEmpty {
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(key.count)
            var value = ""
            if rest.first == "=" {
                rest = rest.dropFirst()
                (value, rest) = quotedOrToken(rest)
            }
            if key.trimmed.lowercased() == name { return value }
            rest = rest.drop { $0 != ";" }.dropFirst()
        }
        return nil
    }

    private static func quotedOrToken(_ text: Substring) -> (value: String, rest: Substring) {
        guard text.first == "\"" else {
            let token = text.prefix { $0 != ";" }
            return (token.trimmed, text.dropFirst(token.count))
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.first, character != "\"" {
            rest = rest.dropFirst()
            // Browsers write a quote as %22 (the HTML standard); others put a backslash before it.
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                value.append(next)
                rest = rest.dropFirst()
            } else if character == "%", rest.hasPrefix("22") {
                value.append("\"")
                rest = rest.dropFirst(2)
            } else {
                value.append(character)
            }
        }
        return (value, rest.dropFirst())
    }

    /// `UTF-8''na%C3%AFve.txt` (RFC 8187).
    private static func extendedValue(_ text: String) -> String? {
        let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].lowercased() == "utf-8" ? Percent.decode(parts[2]) : nil
    }

    private static func malformed(_ reason: String) -> APIError {
        APIError(.badRequest, "The multipart form cannot be read: \(reason)")
    }
}

extension [UInt8] {
    /// Where `pattern` stands first at or behind `start`: candidates by their first byte.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Range<Int>? {
        guard let first = pattern.first, start >= 0 else { return nil }
        return withUnsafeBufferPointer { bytes in
            var index = start
            while index + pattern.count <= bytes.count {
                if bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
                    return index..<(index + pattern.count)
                }
                index += 1
            }
            return nil
        }
    }
}
