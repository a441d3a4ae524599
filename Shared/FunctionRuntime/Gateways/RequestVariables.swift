import HTTP
import Models
import Wire

/// A request as the meta-variables of CGI/1.1 (RFC 3875 section 4.1): the environment of a CGI program, or the
/// parameters of a FastCGI request.
struct RequestVariables {
    private var request = Request()
    private var uri = ""
    private var scriptName = ""
    private var pathInfo = ""
    private var query: String?
    private var fallbackAuthorization: String?
    private var ids: [String] = []
    /// The length of the body according to the server; empty if it is unknown.
    private(set) var contentLength = ""
    private var hasTransferCoding = false

    init() { request.isBare = false }

    mutating func take(_ name: Substring, _ value: String) {
        switch name {
        case "REQUEST_METHOD": request.method = value
        case "REQUEST_URI": uri = value
        case "SCRIPT_NAME": scriptName = value
        case "PATH_INFO": pathInfo = value
        case "QUERY_STRING": query = value
        case "REMOTE_ADDR": request.sourceIP = value
        case "CONTENT_LENGTH": contentLength = value
        case "CONTENT_TYPE": if !value.isEmpty { setHeader("content-type", value) }
        // Apache's name for it after a rewrite.
        case "REDIRECT_HTTP_AUTHORIZATION": fallbackAuthorization = value
        // Set by Apache's mod_unique_id, and by nginx if configured.
        case "UNIQUE_ID", "REQUEST_ID": ids.append(value)
        default: if let field = name.without(prefix: "HTTP_") { takeHeader(field, value) }
        }
    }

    /// Whether to expect a body without a length. Not every server closes stdin for a GET.
    var expectsBody: Bool { hasTransferCoding || !["GET", "HEAD", "OPTIONS", "DELETE"].contains(request.method) }

    /// The request without its body. Throws 400 for variables that no web server would set.
    func makeRequest(basePath: String) throws -> Request {
        guard !request.method.isEmpty else {
            throw APIError(.badRequest, "The gateway does not say which method the request has")
        }
        var request = request
        if let fallbackAuthorization, request.header("authorization") == nil {
            request.headers.append(("authorization", fallbackAuthorization))
        }
        let target = Self.withoutOrigin(uri).split(atByte: "?", maxSplits: 1, omittingEmptySubsequences: false)
        request.path = path(target.first ?? "", below: basePath)
        request.query = QueryString.parse(query ?? (target.count > 1 ? String(target[1]) : ""))
        request.userAgent = request.header("user-agent") ?? ""
        request.cookies = Self.cookies(request.header("cookie") ?? "")
        let candidates = [request.header("x-request-id") ?? ""] + ids
        request.id = candidates.first(where: RequestID.isValid) ?? ULID.make(at: request.time)
        return request
    }

    // MARK: Headers

    private mutating func takeHeader(_ name: Substring, _ value: String) {
        let folded = String(decoding: name.utf8.map(Self.folded), as: UTF8.self)
        switch folded {
        case "transfer-encoding": return hasTransferCoding = true
        // CONTENT_LENGTH counts, not the header. They may differ for a chunked upload.
        case "content-length": return
        default: if HeaderField.isWithheld(folded) { return }
        }
        // nginx sends the content type twice, and sends repeated fields separately.
        guard let known = request.header(folded) else { return setHeader(folded, value) }
        if folded != "content-type" { setHeader(folded, known + (folded == "cookie" ? "; " : ", ") + value) }
    }

    private mutating func setHeader(_ name: String, _ value: String) {
        request.headers.removeAll { $0.name == name }
        request.headers.append((name, value))
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : ASCII.lowercase(byte)
    }

    /// Servers join repeated fields with `; ` or, wrongly, with `, `. No cookie contains either (RFC 6265 section
    /// 4.1.1).
    private static func cookies(_ header: String) -> [String] {
        header.split(atByte: ";").flatMap { $0.split(atByte: ",") }.map(\.trimmed)
    }

    // MARK: Path

    /// The path as the client sent it. `PATH_INFO` is decoded, so `%2F` and `/` look the same in it. If the client's
    /// path names the executable itself (`/cgi-bin/health/api/v1/health`), this is the part after the executable's
    /// name.
    private func path(_ path: Substring, below basePath: String) -> String {
        let path = path.isEmpty ? Self.encoded(scriptName + pathInfo) : String(path)
        if pathInfo.isEmpty || path.starts(withBytes: basePath) { return path }
        return path.without(prefix: scriptName).map(String.init) ?? Self.encoded(pathInfo)
    }

    private static func encoded(_ path: String) -> String {
        path.split(atByte: "/", omittingEmptySubsequences: false).map { PercentEncoding.encode(String($0)) }
            .joined(separator: "/")
    }

    /// The `/x` of `http://host/x`, a form that clients may send (RFC 9112 section 3.2.2).
    private static func withoutOrigin(_ uri: String) -> String {
        if uri.starts(withBytes: "/") { return uri }
        let parts = uri.split(atByte: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 && parts[1].isEmpty ? "/" + parts[3] : uri
    }
}
