import Glibc
import HTTP
import Models
import Platform
import Wire

/// OpenWhisk's action loop: one activation per line on stdin, one result per line on descriptor 3.
///
/// Activations of web actions are requests. Raw web actions (`--web raw`) receive everything as the client sent it. All
/// other activations are bare envelopes. https://github.com/apache/openwhisk-runtime-go/blob/master/docs/ACTION.md
struct OpenWhiskAdapter {
    private let program: Program
    private let input: LineReader

    private static let output: Int32 = 3
    /// The maximum size of an envelope without its body.
    private static let envelopeSize = 1 << 20

    /// Whether the proxy that runs action loops started this process. Its variables alone do not prove it, because
    /// children inherit them.
    static var isCaller: Bool {
        guard Environment.isSet("__OW_PROXY_VERSION") || Environment.isSet("__OW_WAIT_FOR_ACK") else { return false }
        var information = stat()
        return fstat(output, &information) == 0 && information.st_mode & S_IFMT == S_IFIFO
    }

    init(serving program: Program) {
        self.program = program
        input = LineReader(STDIN_FILENO, maximumLength: program.maximumBody * 2 + Self.envelopeSize)
        StandardDescriptors.divertOutput()
        _ = fcntl(Self.output, F_SETFD, FD_CLOEXEC)
    }

    /// Serves until the end of the input. Returns 0, or 1 if results could not be delivered.
    func run() -> Int32 {
        if Environment.isSet("__OW_WAIT_FOR_ACK"), !write(["ok": true]) { return 1 }
        while true {
            switch input.next() {
            case .text(let line): if !write(result(of: line)) { return 1 }
            case .tooLong: if !write(["error": "The activation is too large"]) { return 1 }
            case .none: if !input.fill() { return 0 }
            }
        }
    }

    private func write(_ result: JSON) -> Bool {
        var writer = JSONWriter()
        writer.value(result)
        writer.buffer.append(UInt8(ascii: "\n"))
        return withExtendedLifetime(writer.buffer) { Descriptor.writeAll(writer.buffer.bytes, to: Self.output) }
    }

    private func result(of line: UnsafeBufferPointer<UInt8>) -> JSON {
        let activation: JSON
        var request: Request
        do {
            activation = try JSONReader.parse(line)
            request = try Activation.request(activation["value"] ?? [:])
        } catch {
            return ["error": .string("The activation is not valid: \((error as? APIError)?.message ?? "\(error)")")]
        }
        if request.isBare, let id = activation["activation_id"]?.string, RequestID.isValid(id) { request.id = id }
        let deadline = activation["deadline"].flatMap { Int64(Activation.text($0)) } ?? Int64.max
        let buffered = BufferedResponse { Timestamp.now().milliseconds >= deadline }
        program.serve(&request, to: buffered)
        guard let response = buffered.response else { return ["error": "The function gave no response"] }
        if let failure = PlatformEvent.failure(response, to: request, of: program) {
            return ["error": .string(failure)]
        }
        return Activation.result(response, to: request)
    }
}

/// Converts activations to requests, and responses to results.
/// https://github.com/apache/openwhisk/blob/master/docs/webactions.md
private enum Activation {
    static func request(_ value: JSON) throws -> Request {
        guard let method = value["__ow_method"]?.string else {
            return try PlatformEvent.request(from: ByteBuffer(value.text))
        }
        var request = Request()
        request.isBare = false
        request.method = method.uppercasedASCII
        let path = value["__ow_path"]?.string ?? ""
        request.path = path == "/" ? "" : path
        for member in value["__ow_headers"]?.object?.members ?? [] {
            request.headers.append((member.key.lowercasedASCII, text(member.value)))
        }
        request.cookies = request.header("cookie")?.split(atByte: ";").map(\.trimmed) ?? []
        request.userAgent = request.header("user-agent") ?? ""
        request.sourceIP = ForwardedFor.peer(request.header("x-forwarded-for"))
        request.id =
            request.header("x-request-id").flatMap { RequestID.isValid($0) ? $0 : nil } ?? ULID.make(at: request.time)
        if value["__ow_query"] != nil || value["__ow_body"] != nil {
            request.query = QueryString.parse(value["__ow_query"]?.string ?? "")
            request.body = body(value["__ow_body"]?.string ?? "", type: request.header("content-type") ?? "")
        } else {
            takeParameters(of: value, into: &request)
        }
        return request
    }

    /// Without `raw`, OpenWhisk parses the query and the body and merges their members.
    private static func takeParameters(of value: JSON, into request: inout Request) {
        let own = value.object?.members.filter { !$0.key.starts(withBytes: "__ow_") } ?? []
        if ["GET", "HEAD", "DELETE", "OPTIONS"].contains(request.method) {
            request.query = own.map { ($0.key, text($0.value)) }
        } else {
            var writer = JSONWriter()
            writer.object { body in
                for member in own {
                    body.key(member.key)
                    body.value(member.value)
                }
            }
            request.body = withExtendedLifetime(writer.buffer) { Array(writer.buffer.bytes) }
            request.headers.removeAll { $0.name == "content-type" }
            request.headers.append(("content-type", "application/json"))
        }
    }

    /// Text arrives as it is; JSON and binary content arrive in base64.
    private static func body(_ text: String, type: String) -> [UInt8] {
        let isPlain = type.starts(withBytes: "text/") || type.starts(withBytes: "application/x-www-form-urlencoded")
        return (isPlain ? nil : Base64.decode(text)) ?? Array(text.utf8)
    }

    /// A string unchanged; other values as JSON.
    static func text(_ value: JSON) -> String { value.string ?? value.text }

    static func result(_ response: Response, to request: Request) -> JSON {
        var headers = JSONObject()
        for (name, value) in response.headers where !HeaderField.isReserved(name) {
            headers[name] = .string(value)
        }
        headers["x-request-id"] = .string(request.id)
        if !response.cookies.isEmpty { headers["set-cookie"] = .array(response.cookies.map { .string($0) }) }
        var body = ""
        if request.method != "HEAD" {
            response.body.withBytes { bytes in
                let isText = isText(headers["content-type"]?.string ?? "")
                if isText, UTF8Validation.isWellFormed(bytes) { return body = String(decoding: bytes, as: UTF8.self) }
                // OpenWhisk decodes the base64 of content types that it knows to be binary.
                if isText { headers["content-type"] = "application/octet-stream" }
                body = Base64.encode(Array(bytes))
            }
        }
        return ["statusCode": .int(Int64(response.status)), "headers": .object(headers), "body": .string(body)]
    }

    private static func isText(_ type: String) -> Bool {
        let name = type.prefix(beforeAnyOf: ";").trimmed
        return name.isEmpty || name.starts(withBytes: "text/") || name == "application/json"
            || name.ends(withBytes: "+json")
    }
}
