import HTTP
import Wire

/// The limits on a request's head.
package struct HeadLimits {
    /// The longest accepted request line, in bytes; a longer one gets a 414.
    package var requestLine = 8 * 1024
    /// The longest accepted head, in bytes; a longer one gets a 431.
    package var bytes = 64 * 1024
    /// The most accepted header fields; more get a 431.
    package var fields = 100

    fileprivate var lineTooLong: GatewayError {
        GatewayError(414, "The request line is longer than \(requestLine) bytes")
    }
    fileprivate var headTooLong: GatewayError { GatewayError(431, "The header fields are longer than \(bytes) bytes") }
    fileprivate var tooManyFields: GatewayError { GatewayError(431, "More than \(fields) header fields") }
}

/// Parses request heads strictly (RFC 9112): anything that two programs might read differently is refused, because
/// request smuggling exploits such differences.
enum RequestParser {
    /// Finds the end of the head at the start of `bytes`.
    ///
    /// - Parameter scanned: how far earlier calls have searched; updated.
    /// - Returns: the length including the empty line, or nil if more bytes are needed.
    static func headLength(_ bytes: Bytes, scanned: inout Int, limits: HeadLimits) throws(GatewayError) -> Int? {
        while let lineFeed = bytes.first(ASCII.lineFeed, from: scanned) {
            guard lineFeed > 0, bytes[lineFeed - 1] == ASCII.carriageReturn
            else { throw GatewayError(400, "A line of the request does not end in CR LF") }
            if lineFeed >= 3, bytes[lineFeed - 2] == ASCII.lineFeed {
                guard lineFeed < limits.bytes else { throw limits.headTooLong }
                return lineFeed + 1
            }
            if lineFeed >= limits.requestLine, bytes.first(ASCII.lineFeed) == lineFeed { throw limits.lineTooLong }
            scanned = lineFeed + 1
        }
        // NB: the bytes before `scanned` are whole lines, so an incomplete request line starts at 0.
        if scanned == 0, bytes.count > limits.requestLine { throw limits.lineTooLong }
        if bytes.count > limits.bytes { throw limits.headTooLong }
        return nil
    }

    /// Parses one complete head, including its empty line, into `head`. Converts field names to lower case in place.
    static func parse(
        _ bytes: UnsafeMutableBufferPointer<UInt8>, into head: RequestHead, limits: HeadLimits
    ) throws(GatewayError) {
        head.reset()
        let view = Bytes(bytes)
        var lineStart = 0
        guard let lineEnd = view.first(ASCII.carriageReturn), lineEnd + 1 < view.count,
            view[lineEnd + 1] == ASCII.lineFeed
        else { throw GatewayError(400, "The request line is malformed") }
        try parseRequestLine(view.slice(0..<lineEnd), into: head)
        lineStart = lineEnd + 2
        while lineStart + 2 < view.count {
            guard let end = view.first(ASCII.lineFeed, from: lineStart)
            else { throw GatewayError(400, "A header field is malformed") }
            if head.fields.count == limits.fields { throw limits.tooManyFields }
            try parseField(bytes, lineStart..<end - 1, into: head)
            lineStart = end + 1
        }
        try check(head)
    }

    // MARK: Request line

    private static func parseRequestLine(_ line: Bytes, into head: RequestHead) throws(GatewayError) {
        let space = UInt8(ascii: " ")
        guard let methodEnd = line.first(space), let targetEnd = line.first(space, from: methodEnd + 1)
        else { throw GatewayError(400, "The request line is malformed") }
        head.method = line.slice(0..<methodEnd)
        guard head.method.count <= 32, HeaderField.isToken(head.method)
        else { throw GatewayError(400, "The method is malformed") }
        try parseVersion(line.slice(from: targetEnd + 1), into: head)
        try parseTarget(line.slice(methodEnd + 1..<targetEnd), into: head)
    }

    private static func parseVersion(_ version: Bytes, into head: RequestHead) throws(GatewayError) {
        if version.equals("HTTP/1.1") { return }
        if version.equals("HTTP/1.0") {
            head.isHTTP10 = true
            head.keepsAlive = false
            return
        }
        guard version.count == 8, version.slice(0..<5).equals("HTTP/"), ASCII.isDigit(version[5]),
            version[6] == UInt8(ascii: "."), ASCII.isDigit(version[7])
        else { throw GatewayError(400, "The HTTP version is malformed") }
        throw GatewayError(505, "Only HTTP/1.1 and HTTP/1.0 are supported")
    }

    private static func parseTarget(_ target: Bytes, into head: RequestHead) throws(GatewayError) {
        var hasNonASCII = false
        for byte in target {
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "#") {
                throw GatewayError(400, "The request target is malformed")
            }
            if byte >= 0x80 { hasNonASCII = true }
        }
        if hasNonASCII, !UTF8Validation.isWellFormed(target) {
            throw GatewayError(400, "The request target is not UTF-8")
        }
        var rest = target
        if rest.first != UInt8(ascii: "/") {
            if rest.equals("*"), head.method.equals("OPTIONS") {
                head.path = rest
                return
            }
            rest = try takeAuthority(rest, into: head)
        }
        if let mark = rest.first(UInt8(ascii: "?")) {
            head.path = rest.slice(0..<mark)
            head.query = rest.slice(from: mark + 1)
        } else {
            head.path = rest
        }
        if head.path.isEmpty { head.path = .slash }
    }

    /// The absolute form (RFC 9112 section 3.2.2), which every server must accept. Its host overrides the `Host` field.
    private static func takeAuthority(_ target: Bytes, into head: RequestHead) throws(GatewayError) -> Bytes {
        for scheme: StaticString in ["http://", "https://"] {
            let length = scheme.utf8CodeUnitCount
            guard target.count > length, target.slice(0..<length).equalsIgnoringCase(scheme) else { continue }
            let rest = target.slice(from: length)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.count
            guard end > 0, isHost(rest.slice(0..<end)) else { break }
            head.authority = rest.slice(0..<end)
            head.host = head.authority
            return rest.slice(from: end)
        }
        throw GatewayError(400, "The request target must begin with a slash")
    }

    // MARK: Fields

    private static func parseField(
        _ bytes: UnsafeMutableBufferPointer<UInt8>, _ range: Range<Int>, into head: RequestHead
    ) throws(GatewayError) {
        var colon = range.lowerBound
        while colon < range.upperBound, bytes[colon] != UInt8(ascii: ":") {
            // This also refuses a space before the colon and folded lines.
            guard HeaderField.isTokenCharacter(bytes[colon]) else {
                throw GatewayError(400, "A header field is malformed")
            }
            bytes[colon] = ASCII.lowercase(bytes[colon])
            colon += 1
        }
        guard colon > range.lowerBound, colon < range.upperBound
        else { throw GatewayError(400, "A header field is malformed") }
        let name = Bytes(rebasing: bytes[range.lowerBound..<colon])
        var value = Bytes(rebasing: bytes[colon + 1..<range.upperBound]).trimmed
        guard HeaderField.isValue(value)
        else { throw GatewayError(400, "A header field contains a control character") }
        let isForwarded = try note(name, &value, in: head)
        head.fields.append(RequestHead.Field(name: name, value: value, isForwarded: isForwarded))
    }

    /// Interprets a field that concerns the gateway itself.
    /// - Returns: whether the function receives it.
    private static func note(_ name: Bytes, _ value: inout Bytes, in head: RequestHead) throws(GatewayError) -> Bool {
        switch name.count {
        case 4:
            if name.equals("host") {
                head.hostCount += 1
                guard isHost(value) else { throw GatewayError(400, "The Host header is malformed") }
                if !head.authority.isEmpty { value = head.authority }
                head.host = value
            }
        case 6:
            if name.equals("cookie") { return false }
            if name.equals("expect") {
                guard value.equalsIgnoringCase("100-continue")
                else { throw GatewayError(417, "The expectation cannot be met") }
                head.expectsContinue = !head.isHTTP10
                return false
            }
        case 10: if name.equals("user-agent") { head.userAgent = value }
        case 12:
            if name.equals("content-type") { head.contentType = value }
            if name.equals("x-request-id") {
                guard head.requestID.isEmpty, RequestID.isValid(value) else { return false }
                head.requestID = value
            }
        case 13: if name.equals("authorization"), !value.isEmpty { head.hasAuthorization = true }
        case 14:
            if name.equals("content-length") { try noteLength(value, in: head) }
        case 17:
            if name.equals("transfer-encoding") {
                guard !head.isChunked, value.equalsIgnoringCase("chunked")
                else { throw GatewayError(400, "The only transfer coding is a single chunked") }
                head.isChunked = true
                return false
            }
        default: break
        }
        return !HeaderField.isWithheld(name)
    }

    private static func noteLength(_ value: Bytes, in head: RequestHead) throws(GatewayError) {
        guard head.contentLength == nil else { throw GatewayError(400, "More than one Content-Length") }
        // 15 digits allow for a petabyte and cannot overflow.
        guard (1...15).contains(value.count), value.allSatisfy(ASCII.isDigit)
        else { throw GatewayError(400, "The Content-Length is malformed") }
        head.contentLength = value.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func isHost(_ value: Bytes) -> Bool {
        value.allSatisfy { byte in
            switch byte {
            case _ where ASCII.isAlphanumeric(byte): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "%"), UInt8(ascii: "~"):
                true
            default: false
            }
        }
    }

    // MARK: The head as a whole

    private static func check(_ head: RequestHead) throws(GatewayError) {
        guard head.hostCount == 1 || (head.isHTTP10 && head.hostCount == 0)
        else { throw GatewayError(400, "A request needs exactly one Host header") }
        if head.isChunked {
            if head.contentLength != nil {
                throw GatewayError(400, "A request must not have both Content-Length and Transfer-Encoding")
            }
            if head.isHTTP10 { throw GatewayError(400, "HTTP/1.0 has no transfer codings") }
        }
        var closes = false
        for field in head.fields where field.name.equals("connection") {
            field.value.forEachPart(separatedBy: UInt8(ascii: ",")) { option in
                if option.equalsIgnoringCase("close") {
                    closes = true
                } else if option.equalsIgnoringCase("keep-alive") {
                    if head.isHTTP10 { head.keepsAlive = true }
                } else {
                    withhold(option, in: head)
                }
            }
        }
        if closes { head.keepsAlive = false }
    }

    /// Fields that `Connection` names concern only this hop (RFC 9110 section 7.6.1).
    private static func withhold(_ name: Bytes, in head: RequestHead) {
        for index in head.fields.indices where head.fields[index].name.equalsIgnoringCase(name) {
            head.fields[index].isForwarded = false
        }
    }
}
