import Wire

/// A session with a server, by version 3.0 of PostgreSQL's protocol.
///
/// It belongs to one thread. It keeps no state on the server between transactions but prepared statements, so it works
/// through poolers.
///
/// `run` sends a statement and waits for its answer. `enqueue` only appends a statement, which travels with the next one
/// that somebody waits for: with `run`, `receive` or `commit`. The server runs them in order.
public final class PostgresConnection {
    let transport: Transport
    let input = ReceiveBuffer()
    let output = ByteBuffer(capacity: 8 * 1024)
    let statements: StatementCache
    let parameters = PostgresParameters()
    let noValues = ByteBuffer(capacity: 0)
    let layout = RowLayout()
    /// In milliseconds.
    private let timeout: Int
    @exclusivity(unchecked) var patience: Patience

    /// Whether the connection must be replaced: it was lost, timed out, or the server ended it or broke the protocol.
    /// Every further call throws.
    public private(set) var isUnusable = false
    /// How often this client has waited for answers, including those of logging in.
    @exclusivity(unchecked) public private(set) var roundTrips = 0
    /// Whether something was sent whose answer has not been waited for.
    @exclusivity(unchecked) private var hasSent = false
    /// Whether a statement is running.
    @exclusivity(unchecked) private var isBusy = false
    /// Answers to COMMIT and ROLLBACK that have not been read yet.
    @exclusivity(unchecked) var unreadAnswers = 0
    /// What the server is going to say about the statements in `output`.
    @exclusivity(unchecked) var awaited: [Answer] = []
    /// The number of times that something was sent, or discarded.
    @exclusivity(unchecked) var flights = 0
    /// The statements that the server has to forget, and how many of them `output` tells it.
    @exclusivity(unchecked) var forgotten: (names: [[UInt8]], appended: Int) = ([], 0)
    /// The server's version in its own words.
    public internal(set) var serverVersion = ""
    /// What the server said last: `I` outside a transaction, `T` within one, `E` within one that has failed.
    @exclusivity(unchecked) var status = UInt8(ascii: "I")
    @exclusivity(unchecked) var transaction: Transaction?
    let beginStatements = Transaction.Begin()

    /// Connects and logs in.
    ///
    /// - Parameter timeout: how long to wait for the connection, and later for the answers to one call, in milliseconds.
    ///   Only waiting counts.
    public convenience init(to address: PostgresAddress, timeout: Int) throws(PostgresError) {
        var patience = Patience(address.connectTimeout ?? timeout)
        let transport = try Transport.connected(to: address, &patience)
        self.init(transport, usesNames: address.usesNamedStatements, timeout: timeout, patience)
        try logIn(address)
    }

    init(_ transport: Transport, usesNames: Bool, timeout: Int, _ patience: Patience) {
        self.transport = transport
        self.timeout = timeout
        self.patience = patience
        statements = StatementCache(usesNames: usesNames)
    }

    deinit {
        statements.end()
        guard !isUnusable else { return }
        output.removeAll()
        output.appendTerminate()
        transport.sendAtOnce(output.bytes)
    }

    /// Whether the connection was closed while it was idle. Does not wait.
    public var hasEnded: Bool { isUnusable || transport.hasEnded }

    // MARK: Statements

    /// Runs a statement and calls `row` with each row until that returns false. The rest is skipped.
    ///
    /// BEGIN travels with the first statement of a transaction. `row` cannot use this connection.
    ///
    /// - Parameters:
    ///   - rowLimit: how many rows the server should send; 0 for all. A statement that changes rows and returns them
    ///     changes all the same.
    ///   - bind: appends a value for each parameter, in order.
    /// - Returns: the number of rows that were changed, or selected; if `rowLimit` was reached, the number sent.
    /// - Throws: `PostgresError`, or what `bind` or `row` throws. The connection stays usable unless `isUnusable`.
    @discardableResult
    public func run(
        _ statement: PostgresStatement, rowLimit: Int = 0, bind: (PostgresParameters) throws -> Void = { _ in },
        row: (PostgresRow) throws -> Bool = { _ in true }
    ) throws -> Int {
        let isAlone = awaited.isEmpty
        let own = awaited.count
        let prepared = try append(statement, rowLimit: rowLimit, bind)
        var thrown: (any Error)?
        func answer() throws(PostgresError) -> Int {
            try receive { number, decoded in
                guard number == own else { return false }
                do { return try row(decoded) } catch {
                    thrown = error
                    return false
                }
            }
        }
        let count: Int
        do throws(PostgresError) { count = try answer() } catch {
            guard error.isAboutPreparedStatement, isAlone, beginAgain() else { throw error }
            append(prepared, parameters.values, rowLimit: rowLimit)
            count = try answer()
        }
        if let thrown { throw thrown }
        return count
    }

    /// Runs statements without parameters, separated by semicolons, and skips their rows.
    public func script(_ text: String) throws(PostgresError) {
        try beginCall()
        defer { isBusy = false }
        var text = text
        guard !text.utf8.contains(0) else { throw PostgresError(.misuse, "A script contains U+0000") }
        if let begin = unsentBegin {
            text = "\(String(decoding: begin.text, as: UTF8.self));\n\(text)"
        }
        guard text.utf8.count < ReceiveBuffer.largestLength - 16 else {
            throw PostgresError(.misuse, "A script is too long")
        }
        appendSync()
        output.appendQuery(text)
        transaction?.statements += 1
        try send()
        try readAnswers(andTag: nil, isDecisive: transaction == nil)
    }

    /// Forgets a statement that is no longer needed. The server learns it with the next one.
    public func close(_ statement: PostgresStatement) {
        forgotten.names += statements.remove(statement)
    }

    // MARK: Parts

    /// Begins a call on this connection. The caller ends it by `endCall`.
    func beginCall() throws(PostgresError) {
        guard !isUnusable else { throw PostgresError(.connectionLost, "The connection has ended") }
        guard !isBusy else {
            throw PostgresError(.misuse, "A statement was run while the rows of another were read")
        }
        isBusy = true
        patience = Patience(timeout)
    }

    func endCall() { isBusy = false }

    /// Sends what has been appended. If that fails, the server lacks the last message, so it has committed nothing.
    func send() throws(PostgresError) {
        defer { output.removeAll() }
        flights += 1
        transaction?.flights += 1
        forgotten = (Array(forgotten.names.dropFirst(forgotten.appended)), 0)
        do throws(PostgresError) {
            hasSent = true
            try transport.send(output.bytes, &patience)
        } catch {
            throw ended(by: error.kind == .connectionLost ? farewell ?? error : error)
        }
    }

    /// The error that a server has sent before it closed the connection.
    private var farewell: PostgresError? {
        while let message = try? nextMessage() {
            if message.type == UInt8(ascii: "E"), let error = try? PostgresError.reported(message.body),
                error.endsConnection
            {
                return error
            }
        }
        return nil
    }

    /// The next message that answers something. Those that a server may send at any moment are handled here.
    func nextMessage() throws(PostgresError) -> Message {
        while true {
            guard let message = try input.next() else {
                if hasSent {
                    hasSent = false
                    roundTrips += 1
                }
                try input.fill(from: transport, &patience)
                continue
            }
            switch message.type {
            // NoticeResponse, NotificationResponse
            case UInt8(ascii: "N"), UInt8(ascii: "A"): continue
            case UInt8(ascii: "S"): try noteParameter(message.body)
            default: return message
            }
        }
    }

    /// Decodes ParameterStatus.
    private func noteParameter(_ body: Bytes) throws(PostgresError) {
        var reader = MessageReader(body)
        let name = try reader.string()
        let value = try reader.string()
        if name.equals("server_version") { serverVersion = value.text }
        if name.equals("client_encoding"), !value.equals("UTF8") {
            throw PostgresError(.protocolViolation, "The server's client_encoding is \(value.text), not UTF8")
        }
    }

    /// Closes the connection if the error requires that. Returns the error to throw.
    /// - Parameter isDecisive: whether the server may have committed something.
    func ended(by error: PostgresError, isDecisive: Bool = false) -> PostgresError {
        guard error.endsConnection else { return error }
        isUnusable = true
        transport.close()
        discard()
        var error = error
        error.isOutcomeUnknown = isDecisive
        return error
    }
}
