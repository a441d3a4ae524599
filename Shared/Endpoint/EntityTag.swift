import Crypto
import FunctionRuntime
import Models
import Wire

/// Entity tags (RFC 9110 section 8.8.3): strong ones, made of the bytes of the answer, so that they
/// change exactly when what the caller sees does.
enum EntityTag {
    private static let length = 16

    private static func of(_ body: ByteBuffer) -> String {
        let digest = withExtendedLifetime(body) { SHA256.hash(body.bytes) }
        return "\"\(Hex.encode(digest.prefix(length)))\""
    }

    static func of(_ response: Response) -> String { of(response.body.rendered) }

    /// Whether a list of tags, or `*`, names this one. `If-Match` compares strongly, so that a weak tag
    /// never matches; `If-None-Match` by the value alone (RFC 9110 section 8.8.3.2).
    static func matches(_ list: String, _ tag: String, isStrong: Bool) -> Bool {
        list.split(separator: ",").contains { part in
            let candidate = part.trimmed
            return candidate == "*" || candidate == tag || (!isStrong && candidate == "W/\(tag)")
        }
    }

    /// Tags the answer to a GET if it is a representation, and answers 304 (RFC 9110 section 15.4.5) when the client has it.
    static func apply(to response: inout Response, isRepresentation: Bool, for request: Request) {
        guard response.status == 200 else { return }
        if isRepresentation {
            let body = response.body.rendered
            response.headers.append(("etag", of(body)))
            response.body = .json { $0.raw(body.bytes) }
        }
        guard let tag = response.headers.first(where: { $0.name == "etag" })?.value,
            let known = request.header("if-none-match"), matches(known, tag, isStrong: false)
        else { return }
        response.status = 304
        response.headers.removeAll { $0.name.hasPrefix("content-") }
        response.body = .none
    }
}

extension Response.Body {
    /// The JSON, written out; empty for other kinds.
    var rendered: ByteBuffer {
        var writer = JSONWriter()
        if case .json(let write) = self { write(&writer) }
        return writer.buffer
    }
}
