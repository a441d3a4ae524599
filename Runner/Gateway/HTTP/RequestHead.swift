import Wire

/// The head of one request: the request line and the header fields, as views into the received bytes. One object is
/// reused for all requests; its contents are valid only until the connection reads again.
package final class RequestHead {
    package struct Field {
        /// In lower case.
        package let name: Bytes
        package let value: Bytes
        /// Whether the function receives it. Fields that concern only this connection are not passed on.
        var isForwarded: Bool
    }

    package var method = Bytes.none
    /// Still percent-encoded; begins with `/`, or is `*`.
    package var path = Bytes.none
    /// Without the `?`.
    package var query = Bytes.none
    /// The host that an absolute target names; empty otherwise.
    var authority = Bytes.none
    var isHTTP10 = false
    package var fields: [Field] = []

    var contentLength: Int?
    var isChunked = false
    var keepsAlive = true
    var expectsContinue = false

    var hostCount = 0
    /// The host in the target, or else in the `Host` field; empty if there is neither.
    package var host = Bytes.none
    var hasAuthorization = false
    var contentType = Bytes.none
    var userAgent = Bytes.none
    var requestID = Bytes.none

    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }
    package var isHead: Bool { method.equals("HEAD") }

    /// The value of the first field with this lower-case name.
    package func value(_ name: StaticString) -> Bytes? { fields.first { $0.name.equals(name) }?.value }

    /// The method that a CORS preflight asks about (the Fetch standard); nil for any other request.
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
