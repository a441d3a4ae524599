import Wire

/// How the inspector answers on a connection.
extension Connection {
    /// What every answer of the inspector carries: nothing of it is kept, framed or guessed at.
    private static let commonFields: [(StaticString, String)] = [
        ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    private static let tokenMark = "{{token}}"
    private static let noContent = "default-src 'none'; frame-ancestors 'none'"

    func respond(json: JSON) { respond("application/json", json.text) }

    func respond(_ contentType: String, _ text: String, policy: String = Connection.noContent) {
        guard let request, state == .waiting else { return }
        let body = ByteBuffer(text)
        let writer = beginOwnHead(contentType, policy: policy)
        writer.contentLength(body.count)
        endHead(writer)
        if !request.isHead { writer.buffer.append(body) }
        deliver(writer.buffer)
        finishResponse()
    }

    /// The page, which is allowed its own script and style, known by their hashes, and to talk to where it came from.
    func respondPage(token: String) {
        let policy = """
            default-src 'none'; script-src '\(InspectorPage.scriptHash)'; style-src '\(InspectorPage.styleHash)'; \
            connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """
        var html = InspectorPage.html.description
        if let mark = html.firstIndex(ofBytes: Self.tokenMark) {
            html.replaceSubrange(mark..<html.utf8.index(mark, offsetBy: Self.tokenMark.utf8.count), with: token)
        }
        respond("text/html; charset=utf-8", html, policy: policy)
    }

    /// Begins a stream of Server-Sent Events.
    func beginEvents() {
        guard var request, state == .waiting else { return }
        if request.isHTTP10 { request.keepsAlive = false }
        self.request = request
        let writer = beginOwnHead("text/event-stream", policy: Connection.noContent)
        if !request.isHTTP10 { writer.field("Transfer-Encoding", "chunked") }
        endHead(writer)
        deliver(writer.buffer)
        if request.isHead { return finishResponse() }
        state = .streaming
    }

    private func beginOwnHead(_ contentType: String, policy: String) -> ResponseWriter {
        let writer = beginHead(200)
        writer.field("Content-Type", contentType)
        writer.field("Content-Security-Policy", policy)
        for (name, value) in Self.commonFields { writer.field(name, value) }
        return writer
    }
}
