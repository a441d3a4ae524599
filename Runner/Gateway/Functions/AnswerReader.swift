import HTTP
import Wire

/// Reads the response lines of functions.
///
/// Header fields are checked and rendered as they are read, so that a function cannot inject a line into the head of
/// the response.
final class AnswerReader {
    /// The contents of one line.
    enum Line {
        /// A whole response; its header fields are in `fields`.
        case answer(status: Int, body: [UInt8])
        /// The beginning of a stream; its header fields are in `fields`.
        case stream(status: Int)
        case chunk([UInt8])
        case end
    }

    struct Malformed: Error { let reason: String }

    /// The header fields of the last response or stream, including cookies, as lines of an HTTP head.
    let fields = ByteBuffer()
    /// Whether they include a content type.
    private(set) var hasContentType = false
    /// The length of the body that the function announced; nil if it announced none.
    private(set) var contentLength: Int?
    /// The most writes that a request is believed to have run again: it gives up long before.
    private static let mostRepeatedWrites = 1000

    private struct Members {
        var status: Int?
        var body: [UInt8]?
        var isBase64Encoded = false
        var isStream = false
        var chunk: [UInt8]?
        var isEnd = false
        var repeatedWrites = 0
        var fault: String?
    }

    /// - Parameters:
    ///   - requestID: the id of the request being answered. A response with another id is malformed.
    ///   - statistics: count the writes that the function ran again.
    func read(_ line: Bytes, requestID: String, counting statistics: FunctionStatistics) throws(Malformed) -> Line {
        fields.removeAll()
        hasContentType = false
        contentLength = nil
        var members = Members()
        do throws(JSONError) {
            var reader = JSONReader(line, repairsSurrogates: true)
            try reader.readObject { (reader, key) throws(JSONError) in
                try self.readMember(key, &reader, into: &members, requestID: requestID)
            }
            try reader.finish()
        } catch {
            throw Malformed(reason: "not a JSON object: \(error)")
        }
        if let fault = members.fault { throw Malformed(reason: fault) }
        statistics.repeatedWrites += members.repeatedWrites
        return try meaning(of: members)
    }

    private func meaning(of members: Members) throws(Malformed) -> Line {
        if let chunk = members.chunk {
            return .chunk(try decoded(chunk, members.isBase64Encoded))
        }
        if members.isEnd { return .end }
        guard let status = members.status, (200...599).contains(status)
        else { throw Malformed(reason: "no statusCode from 200 to 599") }
        if members.isStream { return .stream(status: status) }
        return .answer(status: status, body: try decoded(members.body ?? [], members.isBase64Encoded))
    }

    private func decoded(_ bytes: [UInt8], _ isBase64Encoded: Bool) throws(Malformed) -> [UInt8] {
        guard isBase64Encoded else { return bytes }
        guard let decoded = bytes.withUnsafeBufferPointer({ Base64.decode($0) })
        else { throw Malformed(reason: "a body that is not valid base64") }
        return decoded
    }

    private func readMember(
        _ key: String, _ reader: inout JSONReader, into members: inout Members, requestID: String
    ) throws(JSONError) {
        let kind = try reader.peek()
        switch (key, kind) {
        case ("statusCode", .number): members.status = try reader.readValue().int
        case ("body", .string): members.body = try reader.readBytes()
        case ("chunk", .string): members.chunk = try reader.readBytes()
        case ("isBase64Encoded", .bool): members.isBase64Encoded = try reader.readValue() == true
        case ("stream", .bool): members.isStream = try reader.readValue() == true
        case ("end", .bool): members.isEnd = try reader.readValue() == true
        case ("repeatedWrites", .number):
            members.repeatedWrites = max(0, min(try reader.readValue().int ?? 0, Self.mostRepeatedWrites))
        case ("headers", .object):
            try reader.readObject { (reader, name) throws(JSONError) in
                try self.readHeader(name, &reader, into: &members, requestID: requestID)
            }
        case ("multiValueHeaders", .object):
            try reader.readObject { (reader, name) throws(JSONError) in
                guard try reader.peek() == .array else { return try reader.skipIgnored() }
                try reader.readArray { (reader) throws(JSONError) in
                    try self.readHeader(name, &reader, into: &members, requestID: requestID)
                }
            }
        case ("cookies", .array):
            try reader.readArray { (reader) throws(JSONError) in
                try self.readHeader("set-cookie", &reader, into: &members, requestID: requestID)
            }
        default: try reader.skipIgnored()
        }
    }

    private func readHeader(
        _ name: String, _ reader: inout JSONReader, into members: inout Members, requestID: String
    ) throws(JSONError) {
        let value: String
        switch try reader.peek() {
        case .string: value = try reader.readString()
        case .number, .bool: value = try reader.readValue().text
        default: return try reader.skipIgnored()
        }
        var (name, content) = (name, value)
        let isSafe = name.withUTF8 { HeaderField.isToken($0) } && content.withUTF8 { HeaderField.isValue($0) }
        guard isSafe else {
            members.fault = "an invalid header"
            return
        }
        switch HeaderRole(name) {
        case .requestID:
            if value != requestID { members.fault = "the response to another request" }
        case .contentLength: contentLength = Int(value).flatMap { $0 < 0 ? nil : $0 }
        case .gateway: break
        case .contentType:
            hasContentType = true
            append(name, value)
        case .other: append(name, value)
        }
    }

    private func append(_ name: String, _ value: String) {
        fields.append(name)
        fields.append(": " as StaticString)
        fields.append(value)
        fields.append("\r\n" as StaticString)
    }
}

extension JSONReader {
    /// Skips a value that means nothing here.
    fileprivate mutating func skipIgnored() throws(JSONError) { _ = try skipValue() }
}

/// What the gateway does with a header field of a response.
private enum HeaderRole {
    case requestID, contentType, contentLength
    /// It concerns the connection or the framing, which the gateway alone decides.
    case gateway
    case other

    init(_ name: String) {
        var name = name
        self = name.withUTF8 { bytes in
            switch bytes.count {
            case 12:
                if bytes.equalsIgnoringCase("content-type") { return .contentType }
                return bytes.equalsIgnoringCase("x-request-id") ? .requestID : .other
            case 4: return bytes.equalsIgnoringCase("date") ? .gateway : .other
            case 6: return bytes.equalsIgnoringCase("server") ? .gateway : .other
            case 14: return bytes.equalsIgnoringCase("content-length") ? .contentLength : .other
            default: return HeaderField.isHopByHop(bytes) ? .gateway : .other
            }
        }
    }
}
