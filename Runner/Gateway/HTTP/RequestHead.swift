import Wire

/// The head of one request: the request line and the header fields, as views into the bytes that
/// were received. One object is used again and again; what it holds is valid only until the
/// connection reads on.
final class RequestHead {
    struct Field {
        /// In lower case.
        let name: Bytes
        let value: Bytes
        /// Whether the function gets to see it: not when it concerns this connection alone.
        var isForwarded: Bool
    }

    var method = Bytes.none
    /// Still percent-encoded; begins with `/`, or is `*`.
    var path = Bytes.none
    /// Without the `?`.
    var query = Bytes.none
    /// The host that an absolute target names; empty otherwise.
    var authority = Bytes.none
    var isHTTP10 = false
    var fields: [Field] = []

    var contentLength: Int?
    var isChunked = false
    var keepsAlive = true
    var expectsContinue = false

    var hostCount = 0
    /// What the request is for, by its target or else by its field; empty where neither says it.
    var host = Bytes.none
    var hasAuthorization = false
    var contentType = Bytes.none
    var userAgent = Bytes.none
    var requestID = Bytes.none

    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }
    var isHead: Bool { method.equals("HEAD") }

    /// The method that the function gets to see: GET for HEAD, whose answer is sent without its body.
    func functionMethod(of endpoint: Endpoint) -> String { preflightMethod == nil ? endpoint.method : "OPTIONS" }

    /// The method that a page of another origin asks leave for (the Fetch standard's CORS-preflight
    /// request); nil for every other request.
    var preflightMethod: Bytes? {
        guard method.equals("OPTIONS") else { return nil }
        return fields.first { $0.name.equals("access-control-request-method") }?.value
    }

    func reset() {
        method = .none
        path = .none
        query = .none
        authority = .none
        isHTTP10 = false
        fields.removeAll(keepingCapacity: true)
        contentLength = nil
        isChunked = false
        keepsAlive = true
        expectsContinue = false
        hostCount = 0
        host = .none
        hasAuthorization = false
        contentType = .none
        userAgent = .none
        requestID = .none
    }
}
