import Gateway
import Wire

/// One request to the inspector.
final class Inspection: LocalRequest {
    private unowned let inspector: Inspector
    let method: String
    /// The segments of the path below `/_runner`.
    let path: [String]
    let query: [String: String]
    /// The token that shows that the request comes from the inspector's own page.
    let token: String
    let body = ByteBuffer(capacity: 16)

    /// - Parameter path: below `/_runner`.
    init(_ head: RequestHead, path: Bytes, for inspector: Inspector) {
        self.inspector = inspector
        method = head.isHead ? "GET" : head.method.text
        self.path = path.text.split(atByte: "/").map(String.init)
        var query: [String: String] = [:]
        head.query.forEachPart(separatedBy: UInt8(ascii: "&")) { pair in
            let equals = pair.first(UInt8(ascii: "=")) ?? pair.count
            query[pair.slice(0..<equals).text] = pair.slice(from: min(equals + 1, pair.count)).text
        }
        self.query = query
        token = head.value("x-runner-token")?.text ?? ""
    }

    func has(_ flag: String) -> Bool { query[flag] == "1" }

    func answer(to client: any LocalClient) { inspector.serve(self, for: client) }
}
