import HTTP
import Wire

/// Writes request envelopes: API Gateway HTTP API payloads, format 2.0, one per line.
///
/// Everything except the body is written while the bytes of the head are valid; `EnvelopeBody` adds the body. Keys with
/// empty values are omitted, as API Gateway does.
struct EnvelopeWriter {
    let buffer: ByteBuffer

    func write(_ head: RequestHead, match: RouteTable<RouteTarget>.Match, requestID: String, sourceIP: String) {
        buffer.append("{\"version\":\"2.0\",\"routeKey\":" as StaticString)
        string(match.target.routeKey)
        buffer.append(",\"rawPath\":" as StaticString)
        string(head.path)
        buffer.append(",\"rawQueryString\":" as StaticString)
        string(head.query)
        cookies(head)
        headers(head)
        query(head.query)
        pathParameters(match)
        // For HEAD, the function receives GET, and the gateway drops the body of the response.
        let method = head.preflightMethod == nil ? match.target.method : "OPTIONS"
        context(head, method: method, requestID: requestID, sourceIP: sourceIP)
    }

    private func context(_ head: RequestHead, method: String, requestID: String, sourceIP: String) {
        buffer.append(",\"requestContext\":{\"requestId\":" as StaticString)
        string(requestID)
        buffer.append(",\"stage\":\"$default\",\"timeEpoch\":" as StaticString)
        buffer.append(decimal: Timestamp.now().milliseconds)
        buffer.append(",\"http\":{\"method\":" as StaticString)
        string(method)
        buffer.append(",\"path\":" as StaticString)
        string(head.path)
        buffer.append(head.isHTTP10 ? ",\"protocol\":\"HTTP/1.0\"" as StaticString : ",\"protocol\":\"HTTP/1.1\"")
        buffer.append(",\"sourceIp\":" as StaticString)
        string(sourceIP)
        buffer.append(",\"userAgent\":" as StaticString)
        string(head.userAgent)
        buffer.append("}}" as StaticString)
    }

    private func cookies(_ head: RequestHead) {
        var count = 0
        for field in head.fields where field.name.equals("cookie") {
            field.value.forEachPart(separatedBy: UInt8(ascii: ";")) { cookie in
                buffer.append(count == 0 ? ",\"cookies\":[" as StaticString : ",")
                string(cookie)
                count += 1
            }
        }
        if count > 0 { buffer.append(UInt8(ascii: "]")) }
    }

    private func headers(_ head: RequestHead) {
        buffer.append(",\"headers\":{" as StaticString)
        var isFirst = true
        for (index, field) in head.fields.enumerated() where field.isForwarded {
            if hasEarlier(field.name, before: index, in: head) { continue }
            // Only GET supports ranges (RFC 9110 section 14.2).
            if head.isHead, field.name.equals("range") { continue }
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            // A field name is a token, so it has no characters to escape in JSON.
            buffer.append(UInt8(ascii: "\""))
            buffer.append(field.name)
            buffer.append("\":" as StaticString)
            string(joined(field, at: index, in: head))
        }
        buffer.append(UInt8(ascii: "}"))
    }

    private func hasEarlier(_ name: Bytes, before index: Int, in head: RequestHead) -> Bool {
        for earlier in 0..<index where head.fields[earlier].isForwarded && head.fields[earlier].name.equals(name) {
            return true
        }
        return false
    }

    private enum FieldValue {
        case single(Bytes)
        case several(ByteBuffer)
    }

    /// The values of all fields with this name, in order, separated by commas.
    private func joined(_ field: RequestHead.Field, at index: Int, in head: RequestHead) -> FieldValue {
        var values: ByteBuffer?
        for later in head.fields[(index + 1)...] where later.isForwarded && later.name.equals(field.name) {
            let joined = values ?? ByteBuffer(field.value)
            joined.append(UInt8(ascii: ","))
            joined.append(later.value)
            values = joined
        }
        return values.map { .several($0) } ?? .single(field.value)
    }

    private func query(_ query: Bytes) {
        var members: [(key: String, value: String)] = []
        // Compared by bytes, because names that are equal in Unicode are still different names. Finding one among
        // thousands must be fast, because the caller is not authenticated yet.
        var places: [[UInt8]: Int] = [:]
        query.forEachPart(separatedBy: UInt8(ascii: "&")) { pair in
            let equals = pair.first(UInt8(ascii: "=")) ?? pair.count
            let key = PercentEncoding.decode(pair.slice(0..<equals).text, plusIsSpace: true)
            let value = PercentEncoding.decode(pair.slice(from: min(equals + 1, pair.count)).text, plusIsSpace: true)
            let name = Array(key.utf8)
            if let place = places[name] {
                members[place].value += "," + value
            } else {
                places[name] = members.count
                members.append((key, value))
            }
        }
        guard !members.isEmpty else { return }
        buffer.append(",\"queryStringParameters\":" as StaticString)
        object(members)
    }

    private func pathParameters(_ match: RouteTable<RouteTarget>.Match) {
        guard !match.target.parameterNames.isEmpty else { return }
        buffer.append(",\"pathParameters\":" as StaticString)
        object(zip(match.target.parameterNames, match.values).map { ($0, PercentEncoding.decode($1.text)) })
    }

    private func object(_ members: [(key: String, value: String)]) {
        var writer = JSONWriter(into: buffer)
        writer.object { writer in
            for member in members {
                writer.key(member.key)
                writer.value(member.value)
            }
        }
    }

    private func string(_ text: String) {
        var writer = JSONWriter(into: buffer)
        writer.value(text)
    }

    /// Bytes that are not UTF-8 are taken as ISO 8859-1, so that the envelope is valid JSON whatever a client sends.
    private func string(_ bytes: Bytes) {
        guard UTF8Validation.isWellFormed(bytes) else {
            return string(HeaderText.decode(bytes))
        }
        var writer = JSONWriter(into: buffer)
        writer.value(utf8: bytes)
    }

    private func string(_ value: FieldValue) {
        switch value {
        case .single(let bytes): string(bytes)
        case .several(let values): string(values.bytes)
        }
    }
}

/// Adds the body to an envelope and ends its line.
///
/// Text is collected first, because only at its end is it known to be well-formed UTF-8. Everything else is encoded as
/// base64 as it arrives, so that an upload is in memory only once.
struct EnvelopeBody {
    private enum Form {
        case none
        case text(ByteBuffer)
        case base64(carry: [UInt8])
    }

    private let envelope: ByteBuffer
    private let isTextual: Bool
    private var form = Form.none

    init(into envelope: ByteBuffer, contentType: Bytes) {
        self.envelope = envelope
        isTextual = Self.isTextual(contentType)
    }

    mutating func append(_ bytes: Bytes) {
        guard !bytes.isEmpty else { return }
        switch form {
        case .none:
            if isTextual {
                form = .text(ByteBuffer(bytes))
            } else {
                envelope.append(",\"body\":\"" as StaticString)
                form = .base64(carry: encode([], bytes))
            }
        case .text(let text): text.append(bytes)
        case .base64(let carry): form = .base64(carry: encode(carry, bytes))
        }
    }

    /// Writes the rest of the body and the end of the line.
    mutating func finish() {
        var isBase64Encoded = false
        switch form {
        case .none: break
        case .text(let text):
            envelope.append(",\"body\":" as StaticString)
            var writer = JSONWriter(into: envelope)
            if UTF8Validation.isWellFormed(text.bytes) {
                writer.value(utf8: text.bytes)
            } else {
                writer.value(base64: text.bytes)
                isBase64Encoded = true
            }
        case .base64(let carry):
            carry.withUnsafeBufferPointer { Base64.encode($0, into: envelope) }
            envelope.append(UInt8(ascii: "\""))
            isBase64Encoded = true
        }
        form = .none
        envelope.append(
            isBase64Encoded ? ",\"isBase64Encoded\":true}\n" as StaticString : ",\"isBase64Encoded\":false}\n")
    }

    /// Encodes groups of three bytes.
    /// - Returns: the one or two bytes left over for the next call.
    private func encode(_ carry: [UInt8], _ bytes: Bytes) -> [UInt8] {
        var start = 0
        if !carry.isEmpty {
            start = min(3 - carry.count, bytes.count)
            let group = carry + bytes[0..<start]
            guard group.count == 3 else { return group }
            group.withUnsafeBufferPointer { Base64.encode($0, into: envelope) }
        }
        let end = start + (bytes.count - start) / 3 * 3
        Base64.encode(bytes.slice(start..<end), into: envelope)
        return Array(bytes[end...])
    }

    /// Whether bodies of a type are passed as text: JSON, text and forms.
    static func isTextual(_ contentType: Bytes) -> Bool {
        let end = contentType.first(UInt8(ascii: ";")) ?? contentType.count
        let type = contentType.slice(0..<end).trimmed
        if type.equalsIgnoringCase("application/json") { return true }
        if type.count > 5, type.slice(0..<5).equalsIgnoringCase("text/") { return true }
        if type.equalsIgnoringCase("application/x-www-form-urlencoded") { return true }
        return type.count > 5 && type.slice(from: type.count - 5).equalsIgnoringCase("+json")
    }
}
