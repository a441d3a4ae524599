import HTTP
import Models
import Wire

/// Reads a request envelope in API Gateway's payload format 2.0 or 1.0 or the load balancer's. Members that the
/// endpoint does not need may be absent.
///
/// It makes one pass over the bytes. Wrong types are errors that name the member; unknown keys are ignored.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
struct RequestDecoder {
    private var request = Request()
    private var requestIdFromContext: String?
    private var rawQuery: String?
    private var queryParameters: [(name: String, value: String)] = []
    /// The index of each header, once there are too many for linear search.
    private var headerPlaces: [String: Int] = [:]
    private var hasSingleHeaders = false
    private var rawBody: UnsafeBufferPointer<UInt8>?
    private var isBase64 = false

    static func decode(_ line: UnsafeBufferPointer<UInt8>) throws -> Request {
        var decoder = RequestDecoder()
        var reader = JSONReader(line)
        do throws(JSONError) {
            guard try reader.peek() == .object else { throw JSONError(reason: "Not an object", offset: 0) }
            try reader.readObject { (reader, key) throws(JSONError) in try decoder.readMember(key, &reader) }
            try reader.finish()
            try decoder.readBody()
        } catch {
            throw APIError(.badRequest, "The request envelope is not valid: \(error)")
        }
        return decoder.finished()
    }

    private mutating func readMember(_ key: String, _ reader: inout JSONReader) throws(JSONError) {
        switch key {
        case "rawPath", "path": request.path = try reader.readText()
        case "httpMethod":
            request.method = try reader.readText()
            if request.format == .v2 { request.format = .v1 }
            request.isBare = false
        case "rawQueryString": rawQuery = try reader.readText()
        case "headers":
            hasSingleHeaders = try reader.peek() == .object
            try reader.readStringMap { name, value in setHeader(name, value) }
        case "multiValueHeaders":
            try reader.readStringListMap { name, values in
                setHeader(name, values.joined(separator: name.lowercasedASCII == "cookie" ? "; " : ", "))
            }
        case "queryStringParameters":
            var single: [(name: String, value: String)] = []
            try reader.readStringMap { name, value in single.append((name, value)) }
            if queryParameters.isEmpty { queryParameters = single }
        case "multiValueQueryStringParameters":
            queryParameters.removeAll()
            try reader.readStringListMap { name, values in
                for value in values { queryParameters.append((name, value)) }
            }
        case "pathParameters":
            try reader.readStringMap { name, value in request.pathParameters.append((name, value)) }
        case "cookies":
            guard try !reader.skipNull() else { return }
            try reader.readArray { (reader) throws(JSONError) in request.cookies.append(try reader.readText()) }
        case "requestContext": try readContext(&reader)
        case "body": rawBody = try reader.skipValue()
        case "isBase64Encoded": isBase64 = try reader.readValue().bool ?? false
        default: try reader.skipValue()
        }
    }

    /// The last header of a name counts. Real requests have about a dozen, for which linear search is faster than
    /// building a table. For many headers it would take quadratic time.
    private mutating func setHeader(_ name: String, _ value: String) {
        let folded = name.lowercasedASCII
        let isIndexed = request.headers.count > 48
        if isIndexed, headerPlaces.isEmpty {
            for (place, header) in request.headers.enumerated() { headerPlaces[header.name] = place }
        }
        let known = isIndexed ? headerPlaces[folded] : request.headers.firstIndex { $0.name == folded }
        if let known { return request.headers[known].value = value }
        if isIndexed { headerPlaces[folded] = request.headers.count }
        request.headers.append((folded, value))
    }

    private mutating func readContext(_ reader: inout JSONReader) throws(JSONError) {
        guard try !reader.skipNull() else { return }
        try reader.readObject { (reader, key) throws(JSONError) in
            switch key {
            case "requestId": requestIdFromContext = try reader.readText()
            case "stage": request.stage = try reader.readText()
            case "http":
                request.isBare = false
                try readHTTP(&reader)
            case "elb":
                request.format = .loadBalancer
                try reader.skipValue()
            case "identity": try readIdentity(&reader)
            case "timeEpoch", "requestTimeEpoch":
                if case .int(let time) = try reader.readValue() { request.time = Timestamp(milliseconds: time) }
            default: try reader.skipValue()
            }
        }
    }

    /// The caller in a REST API's event. A client certificate in it is an object, and is skipped.
    private mutating func readIdentity(_ reader: inout JSONReader) throws(JSONError) {
        guard try !reader.skipNull() else { return }
        try reader.readObject { (reader, key) throws(JSONError) in
            switch key {
            case "sourceIp": request.sourceIP = try reader.readText()
            case "userAgent": request.userAgent = try reader.readText()
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readHTTP(_ reader: inout JSONReader) throws(JSONError) {
        try reader.readStringMap { name, value in
            switch name {
            case "method": request.method = value
            case "path": if request.path.isEmpty { request.path = value }
            case "sourceIp": request.sourceIP = value
            case "userAgent": request.userAgent = value
            default: break
            }
        }
    }

    /// A body is text or base64, or JSON if the envelope was written by hand.
    private mutating func readBody() throws(JSONError) {
        guard let rawBody else { return }
        var reader = JSONReader(rawBody)
        switch try reader.peek() {
        case .null: break
        case .string where isBase64:
            guard let decoded = try reader.readBase64() else {
                throw JSONError(reason: "The body is not base64", offset: 0)
            }
            request.body = decoded
        case .string: request.body = try reader.readBytes()
        default: request.body = Array(rawBody)
        }
    }

    private consuming func finished() -> Request {
        if request.format == .loadBalancer, !hasSingleHeaders, !request.headers.isEmpty {
            request.format = .loadBalancerMultiValue
        }
        // Load balancers pass the peer's address only at the end of this header.
        if request.format.isLoadBalancer, request.sourceIP.isEmpty {
            request.sourceIP = ForwardedFor.peer(request.header("x-forwarded-for"))
        }
        if let rawQuery, !rawQuery.isEmpty {
            request.query = QueryString.parse(rawQuery)
        } else if request.format.isLoadBalancer {
            request.query = queryParameters.map { name, value in
                (PercentEncoding.decode(name, plusIsSpace: true), PercentEncoding.decode(value, plusIsSpace: true))
            }
        } else {
            request.query = queryParameters
        }
        if request.cookies.isEmpty, let cookie = request.header("cookie") {
            request.cookies = cookie.split(atByte: ";").map(\.trimmed)
        }
        if let id = request.header("x-request-id"), RequestID.isValid(id) {
            request.id = id
        } else if let id = requestIdFromContext, RequestID.isValid(id) {
            request.id = id
        } else {
            request.id = ULID.make(at: request.time)
        }
        return request
    }
}

/// Parses `a=1&b=2` (the URL standard's application/x-www-form-urlencoded) and decodes names and values.
public enum QueryString {
    public static func parse(_ text: String) -> [(name: String, value: String)] {
        text.split(atByte: "&").map { pair in
            let parts = pair.split(atByte: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                PercentEncoding.decode(parts[0], plusIsSpace: true),
                parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            )
        }
    }
}

extension JSONReader {
    fileprivate mutating func skipNull() throws(JSONError) -> Bool {
        guard try peek() == .null else { return false }
        try skipValue()
        return true
    }

    /// A string, or a scalar's text, or "" for null.
    fileprivate mutating func readText() throws(JSONError) -> String {
        switch try readValue() {
        case .string(let text): return text
        case .null: return ""
        case .object, .array: throw JSONError(reason: "Expected a string", offset: offset)
        case let scalar: return scalar.text
        }
    }

    fileprivate mutating func readStringMap(_ body: (String, String) -> Void) throws(JSONError) {
        guard try !skipNull() else { return }
        try readObject { (reader, key) throws(JSONError) in
            if try reader.peek() == .null { try reader.skipValue() } else { body(key, try reader.readText()) }
        }
    }

    fileprivate mutating func readStringListMap(_ body: (String, [String]) -> Void) throws(JSONError) {
        guard try !skipNull() else { return }
        try readObject { (reader, key) throws(JSONError) in
            var values: [String] = []
            try reader.readArray { (reader) throws(JSONError) in values.append(try reader.readText()) }
            body(key, values)
        }
    }
}
