import Wire

/// The protocol on one connection: takes records, and returns requests, one at a time, and replies. It does no I/O
/// itself.
final class FastCGIExchange {
    /// A request that is being received or served.
    struct Incoming {
        let id: UInt16
        let keepsConnection: Bool
        fileprivate(set) var parameters = ByteBuffer()
        fileprivate(set) var body: [UInt8] = []
        /// The length of the whole body. `body` holds only a bounded part of it.
        fileprivate(set) var bodyLength = 0
        fileprivate(set) var isAborted = false
        fileprivate var hasAllParameters = false
        fileprivate var hasWholeBody = false

        var isComplete: Bool { hasAllParameters && hasWholeBody }
    }

    /// Bytes to write before anything else.
    let replies = ByteBuffer()
    private(set) var request: Incoming?
    /// Whether the server wants the connection closed after the replies.
    private(set) var isOver = false

    private let maximumBody: Int
    private let maximumConnections: Int

    /// Web servers have lower limits on a request's head themselves.
    private static let maximumParameters = 1 << 20
    private static let maximumReplies = 1 << 20

    /// - Parameter maximumBody: in bytes. One byte more than this is kept of a larger body.
    init(maximumBody: Int, maximumConnections: Int) {
        self.maximumBody = maximumBody
        self.maximumConnections = maximumConnections
    }

    /// Removes the complete records from the front of `input`. A request that was sent ahead stays there until the
    /// previous one is finished.
    func take(from input: ByteBuffer) throws(FastCGI.Malformed) {
        var used = 0
        while !isOver, let record = try FastCGI.Record(input.bytes[used...]) {
            if let request, request.isComplete, record.id == request.id,
                record.type == FastCGI.RecordType.beginRequest.rawValue
            {
                break
            }
            used += record.size
            try take(record)
        }
        input.removeFirst(used)
        if replies.count > Self.maximumReplies { throw FastCGI.Malformed(description: "replies are not read") }
    }

    /// Discards the request that was served.
    func finish() {
        isOver = !(request?.keepsConnection ?? true)
        request = nil
    }

    // MARK: Records

    private func take(_ record: FastCGI.Record) throws(FastCGI.Malformed) {
        let type = FastCGI.RecordType(rawValue: record.type)
        if record.id == 0 { return try takeManagement(type, record) }
        if type == .beginRequest { return try begin(record) }
        // Records of inactive requests are ignored (section 3.3).
        guard record.id == request?.id else { return }
        switch type {
        case .parameters: try takeParameters(record.content)
        case .input: try takeInput(record.content)
        case .abortRequest: abort()
        default: break
        }
    }

    private func takeManagement(_ type: FastCGI.RecordType?, _ record: FastCGI.Record) throws(FastCGI.Malformed) {
        switch type {
        case .getValues: try replyWithValues(record.content)
        case .beginRequest: throw FastCGI.Malformed(description: "a request has the id 0")
        default: replies.append(.unknownType, id: 0, [record.type, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    private func begin(_ record: FastCGI.Record) throws(FastCGI.Malformed) {
        guard record.content.count >= 8 else {
            throw FastCGI.Malformed(description: "the record that begins a request is too short")
        }
        let role = UInt16(record.content[0]) << 8 | UInt16(record.content[1])
        let keepsConnection = record.content[2] & FastCGI.keepConnectionFlag != 0
        if let request {
            if record.id == request.id { throw FastCGI.Malformed(description: "a request begins twice") }
            return replies.appendEnd(id: record.id, .cannotMultiplex)
        }
        guard role == FastCGI.responderRole else {
            isOver = !keepsConnection
            return replies.appendEnd(id: record.id, .unknownRole)
        }
        request = Incoming(id: record.id, keepsConnection: keepsConnection)
    }

    private func takeParameters(_ content: UnsafeBufferPointer<UInt8>) throws(FastCGI.Malformed) {
        guard request?.hasAllParameters == false else {
            throw FastCGI.Malformed(description: "parameters continue after their end")
        }
        if content.isEmpty { request?.hasAllParameters = true }
        request?.parameters.append(content)
        if request?.parameters.count ?? 0 > Self.maximumParameters {
            throw FastCGI.Malformed(description: "the parameters are larger than \(Self.maximumParameters) bytes")
        }
    }

    private func takeInput(_ content: UnsafeBufferPointer<UInt8>) throws(FastCGI.Malformed) {
        guard request?.hasWholeBody == false else {
            throw FastCGI.Malformed(description: "a body continues after its end")
        }
        if content.isEmpty { request?.hasWholeBody = true }
        request?.bodyLength += content.count
        if request?.body.count ?? 0 <= maximumBody { request?.body.append(contentsOf: content) }
    }

    /// The adapter ends a request that is being served.
    private func abort() {
        guard let aborted = request else { return }
        if aborted.isComplete {
            request?.isAborted = true
        } else {
            replies.appendEnd(id: aborted.id, exitStatus: 1, .complete)
            finish()
        }
    }

    private func replyWithValues(_ content: UnsafeBufferPointer<UInt8>) throws(FastCGI.Malformed) {
        let values = ["FCGI_MAX_CONNS": String(maximumConnections), "FCGI_MAX_REQS": "1", "FCGI_MPXS_CONNS": "0"]
        let known = ByteBuffer()
        var pairs = FastCGIPairs(content)
        var replied: Set<String> = []
        while let pair = try pairs.next() {
            let name = String(decoding: pair.name, as: UTF8.self)
            guard let value = values[name], replied.insert(name).inserted else { continue }
            FastCGIPairs.append(name, value, to: known)
        }
        withExtendedLifetime(known) { replies.append(.getValuesResult, id: 0, known.bytes) }
    }
}
