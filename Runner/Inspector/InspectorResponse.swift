import Gateway
import Wire

/// A response of the inspector. Browsers must not store it, show it in a frame, or guess its type.
struct InspectorResponse {
    private static let commonFields: [(StaticString, String)] = [
        ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    private static let noContent = "default-src 'none'; frame-ancestors 'none'"

    private let fields: [(StaticString, String)]
    private let body: String

    init(_ contentType: String, _ body: String = "", policy: String = Self.noContent) {
        fields = [("Content-Type", contentType), ("Content-Security-Policy", policy)] + Self.commonFields
        self.body = body
    }

    static func json(_ json: JSON) -> InspectorResponse { InspectorResponse("application/json", json.text) }

    static func text(_ text: String) -> InspectorResponse { InspectorResponse("text/plain; charset=utf-8", text) }

    /// The page. It may run only its own script and style, which are identified by their hashes, and call the gateway.
    static func page(token: String) -> InspectorResponse {
        let policy = """
            default-src 'none'; script-src '\(InspectorPage.scriptHash)'; style-src '\(InspectorPage.styleHash)'; \
            connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """
        let (html, mark) = (InspectorPage.html.description, "{{token}}")
        let start = html.firstIndex(ofBytes: mark) ?? html.endIndex
        let page = String(html[..<start]) + token + String(html[start...].without(prefix: mark) ?? "")
        return InspectorResponse("text/html; charset=utf-8", page, policy: policy)
    }

    func send(to client: any LocalClient) { client.respond(fields, body: ByteBuffer(body)) }

    /// Begins a stream with these fields.
    func beginStream(to client: any LocalClient) { client.beginStream(fields) }
}
