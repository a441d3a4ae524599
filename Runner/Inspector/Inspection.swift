import Wire

/// One request to the inspector.
final class Inspection {
    /// As much as an envelope that somebody edits may have.
    static let maximumBodyBytes = 4 * 1024 * 1024

    let method: String
    /// Below `/_runner`, between its slashes.
    let path: [String]
    let query: [String: String]
    /// What the page was given at the start, to show that it is the page who asks.
    let token: String
    let body = ByteBuffer(capacity: 16)

    init(_ head: RequestHead, path: Bytes) {
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
}

extension RequestHead {
    /// The first field of that name, which is in lower case.
    func value(_ name: StaticString) -> Bytes? { fields.first { $0.name.equals(name) }?.value }
}
