import Crypto
import FunctionRuntime
import Models
import Wire

/// Entity tags (RFC 9110 section 8.8.3), made of the bytes of the answer, so that they change exactly when
/// what the caller sees does.
///
/// A resource that has counters, or another part that changes without anybody changing it, has a tag of
/// two parts, `"STATE-WHOLE"`. `If-None-Match` compares all of it: nobody is told that a counter stands
/// still. `If-Match` compares the state alone: a change is not refused because somebody chatted meanwhile.
enum EntityTag {
    private static let length = 16

    private static func digest(_ body: ByteBuffer) -> String {
        let digest = withExtendedLifetime(body) { SHA256.hash(body.bytes) }
        return Hex.encode(digest.prefix(length))
    }

    /// What `If-Match` compares.
    static func state(of resource: some Resource) -> String {
        digest((resource.state ?? resource).response().body.rendered())
    }

    /// Whether a list of tags, or `*`, names this one by its value (RFC 9110 section 8.8.3.2).
    static func matches(_ list: String, _ tag: String) -> Bool {
        list.split(atByte: ",").contains { part in
            let candidate = part.trimmed
            return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
        }
    }

    /// Whether a list of tags, or `*`, names a state. Weak tags never do (RFC 9110 section 13.1.1).
    static func matches(_ list: String, state: String) -> Bool {
        list.split(atByte: ",").contains { part in
            let candidate = part.trimmed
            return candidate == "*" || candidate == "\"\(state)\""
                || (candidate.starts(withBytes: "\"\(state)-") && candidate.ends(withBytes: "\""))
        }
    }

    /// Tags the answer to a GET.
    static func add(to response: inout Response, of reply: some Reply) {
        guard response.status == 200 else { return }
        let body = response.body.rendered()
        let whole = digest(body)
        response.headers.append(("etag", reply.stateTag.map { "\"\($0)-\(whole)\"" } ?? "\"\(whole)\""))
        response.body = .json { $0.raw(body.bytes) }
    }

    /// Answers 304 (RFC 9110 section 15.4.5) to a GET when the client has what the answer is tagged as.
    static func apply(to response: inout Response, for request: Request) {
        guard response.status == 200, let tag = response.headers.first(where: { $0.name == "etag" })?.value,
            let known = request.header("if-none-match"), matches(known, tag)
        else { return }
        response.status = 304
        response.headers.removeAll { $0.name.starts(withBytes: "content-") }
        response.body = .none
    }
}

extension Response.Body {
    /// The JSON, written out; empty for other kinds.
    func rendered() -> ByteBuffer {
        var writer = JSONWriter()
        if case .json(let write) = self { write(&writer) }
        return writer.buffer
    }
}
