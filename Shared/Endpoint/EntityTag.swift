import Crypto
import FunctionRuntime
import Models
import Wire

/// Entity tags (RFC 9110 section 8.8.3), made from the bytes of the response, so they change exactly when what the
/// caller sees changes.
///
/// A resource with counters, or another part that changes by itself, has a tag of two parts, `"STATE-WHOLE"`.
/// `If-None-Match` compares the whole tag, so that clients see new counters. `If-Match` compares only the state, so
/// that a chat does not make an update fail.
enum EntityTag {
    private static let length = 16

    private static func digest(_ body: ByteBuffer) -> String {
        let digest = withExtendedLifetime(body) { SHA256.hash(body.bytes) }
        return Hex.encode(digest.prefix(length))
    }

    /// The part that `If-Match` compares.
    static func state(of resource: some Resource) -> String {
        digest((resource.state ?? resource).response().body.rendered())
    }

    /// Whether a list of tags, or `*`, contains this one by weak comparison (RFC 9110 section 8.8.3.2).
    static func matches(_ list: String, _ tag: String) -> Bool {
        list.split(atByte: ",").contains { part in
            let candidate = part.trimmed
            return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
        }
    }

    /// Whether a list of tags, or `*`, contains a tag of this state. Weak tags never match (RFC 9110 section 13.1.1).
    static func matches(_ list: String, state: String) -> Bool {
        list.split(atByte: ",").contains { part in
            let candidate = part.trimmed
            return candidate == "*" || candidate == "\"\(state)\""
                || (candidate.starts(withBytes: "\"\(state)-") && candidate.ends(withBytes: "\""))
        }
    }

    /// Tags the response to a GET. The response becomes a 304 (RFC 9110 section 15.4.5) if the client has this
    /// representation.
    static func apply(to response: inout Response, for request: Request) {
        guard response.status == 200 else { return }
        if let tagging = response.entityTag {
            let body = response.body.rendered()
            let whole = digest(body)
            switch tagging {
            case .body: response.headers.append(("etag", "\"\(whole)\""))
            case .stateAndBody(let state): response.headers.append(("etag", "\"\(state())-\(whole)\""))
            }
            response.body = .json { $0.raw(body.bytes) }
        }
        guard let tag = response.headers.first(where: { $0.name == "etag" })?.value,
            let known = request.header("if-none-match"), matches(known, tag)
        else { return }
        response.status = 304
        response.headers.removeAll { $0.name.starts(withBytes: "content-") }
        response.body = .none
    }
}

extension Response.Body {
    /// The encoded JSON; empty for other kinds of bodies.
    func rendered() -> ByteBuffer {
        var writer = JSONWriter()
        if case .json(let write) = self { write(&writer) }
        return writer.buffer
    }
}
