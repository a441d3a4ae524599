import Wire

/// What pages of other origins may read of the answers that the gateway gives itself (the Fetch standard's CORS
/// protocol). Without it a page sees no 404, 502, 503 or 504, only that something failed. Functions answer for
/// themselves; the origins are the same, those of `CORS_ORIGINS`.
struct CrossOrigin {
    private let origins: [[UInt8]]
    private let isOpen: Bool

    /// - Parameter list: origins with commas between them, or `*`.
    init(_ list: String) {
        origins = list.split(atByte: ",").map { part in
            Array(part.utf8.filter { !ASCII.isBlank($0) }.map(ASCII.lowercase))
        }
        isOpen = origins.contains(Array("*".utf8))
    }

    /// The origin that the answer to a request names; nil when its page may not read it.
    func allowed(_ head: RequestHead) -> String? {
        guard !origins.isEmpty, let field = head.fields.first(where: { $0.name.equals("origin") }) else { return nil }
        if isOpen { return "*" }
        let isListed = origins.contains { $0.withUnsafeBufferPointer { field.value.equalsIgnoringCase($0) } }
        return isListed ? field.value.text : nil
    }

    /// The fields for an answer to a page of `origin`.
    /// - Parameter preflightMethod: the method that the page asks leave for, in a preflight.
    func write(_ origin: String, preflightMethod: String?, to writer: ResponseWriter) {
        writer.field("Access-Control-Allow-Origin", origin)
        if !isOpen { writer.field("Vary", "Origin") }
        if let preflightMethod {
            writer.field("Access-Control-Allow-Methods", preflightMethod)
            writer.field(
                "Access-Control-Allow-Headers",
                "authorization, content-type, accept, if-match, if-none-match, "
                    + "if-range, range, idempotency-key, x-request-id")
        } else {
            writer.field("Access-Control-Expose-Headers", "retry-after, x-request-id")
        }
    }
}
