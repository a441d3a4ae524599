import Wire

/// What a server has said so far in answer to a statement.
struct Answer {
    let prepared: PreparedStatement
    /// The BEGIN that travelled in front of the statement.
    var begin: PreparedStatement?
    /// Whether the statement commits by itself.
    var isDecisive = false
    /// Whether a Sync follows it, which the server answers with ReadyForQuery.
    var isSynchronized = false
    /// Whether the server knew the statement before the flight.
    let wasPrepared: Bool
    /// Whether the server's messages are still about BEGIN.
    fileprivate var isInBegin: Bool { begin != nil && !hasBegun }
    fileprivate var hasBegun = false
    fileprivate(set) var count = 0
    fileprivate var rows = 0
    fileprivate var isDone = false
    /// Whether the server skips everything up to the next Sync.
    fileprivate(set) var hasFailed = false
    /// The first error: the server's, or that a column cannot be read.
    fileprivate(set) var error: PostgresError?

    init(to prepared: PreparedStatement) {
        self.prepared = prepared
        wasPrepared = prepared.isPrepared
    }
}

extension PostgresConnection {
    /// Reads the answer to a statement up to its end or its failure, and calls `row` with its rows until that returns
    /// false.
    func read(_ answer: inout Answer, _ row: (PostgresRow) -> Bool) throws(PostgresError) {
        var wantsRows = true
        var hasLayout = false
        while !answer.isDone, !answer.hasFailed {
            let message = try nextMessage()
            guard message.type == UInt8(ascii: "D") else {
                try take(message, &answer)
                continue
            }
            guard !answer.isInBegin else { throw .unexpected(message) }
            answer.rows += 1
            guard wantsRows, answer.error == nil else { continue }
            if !hasLayout {
                guard let columns = answer.prepared.columns else { throw .unexpected(message) }
                layout.begin(columns)
                hasLayout = true
            }
            wantsRows = row(try layout.row(message.body))
        }
    }

    /// Reads ReadyForQuery, and the error of a statement that could not commit by itself.
    func readSync(_ answer: inout Answer) throws(PostgresError) {
        while true {
            let message = try nextMessage()
            switch message.type {
            case UInt8(ascii: "Z"): return try readStatus(message)
            case UInt8(ascii: "E"): try note(try PostgresError.reported(message.body), &answer)
            default: throw .unexpected(message)
            }
        }
    }

    /// Takes a message that is no row.
    private func take(_ message: Message, _ answer: inout Answer) throws(PostgresError) {
        switch message.type {
        case UInt8(ascii: "1"):
            (answer.isInBegin ? answer.begin : answer.prepared)?.isPrepared = statements.usesNames
        // BindComplete, CloseComplete
        case UInt8(ascii: "2"), UInt8(ascii: "3"): break
        case UInt8(ascii: "T"): try describe(message.body, &answer)
        case UInt8(ascii: "n"): answer.prepared.columns = []
        case UInt8(ascii: "C"):
            guard !answer.isInBegin else {
                answer.hasBegun = true
                return
            }
            answer.count = try CommandTag(message.body).count
            answer.isDone = true
        // PortalSuspended, EmptyQueryResponse
        case UInt8(ascii: "s"), UInt8(ascii: "I"):
            guard !answer.isInBegin else { throw .unexpected(message) }
            answer.count = answer.rows
            answer.isDone = true
        case UInt8(ascii: "E"): try note(try PostgresError.reported(message.body), &answer)
        default: throw .unexpected(message)
        }
    }

    /// Decodes RowDescription.
    private func describe(_ body: Bytes, _ answer: inout Answer) throws(PostgresError) {
        var reader = MessageReader(body)
        let count = try reader.int16()
        guard count >= 0 else { throw .malformed }
        var columns: [ColumnKind] = []
        for _ in 0..<count {
            let name = try reader.string()
            // The table and the column in it.
            _ = try (reader.int32(), reader.int16())
            let type = try reader.int32()
            // Its length, modifier and format.
            _ = try (reader.int16(), reader.int32(), reader.int16())
            guard let kind = ColumnKind(type: type) else {
                answer.error = PostgresError(
                    .unreadableType, "Column \(columns.count + 1), \(name.text), has a type that needs a cast (\(type))"
                )
                answer.prepared.columns = nil
                return
            }
            columns.append(kind)
        }
        guard reader.isAtEnd else { throw .malformed }
        answer.prepared.columns = columns
    }

    private func note(_ reported: PostgresError, _ answer: inout Answer) throws(PostgresError) {
        var error = reported
        if error.endsConnection { throw error }
        if error.sqlState == .invalidStatementName || error.sqlState == .duplicateStatement, statements.usesNames {
            statements.stopUsingNames()
            error.mayRunAgain = true
            error.isAboutPreparedStatement = true
        } else if error.sqlState == .featureNotSupported, answer.wasPrepared {
            // The table has changed since the statement was prepared. If the reason is another one, running it again
            // fails in the same way.
            answer.prepared.isPrepared = false
            answer.prepared.columns = nil
            forgotten.names.append(answer.prepared.name)
            error.mayRunAgain = true
            error.isAboutPreparedStatement = true
        }
        answer.hasFailed = true
        answer.error = answer.error ?? error
    }

    /// Decodes ReadyForQuery.
    func readStatus(_ message: Message) throws(PostgresError) {
        var reader = MessageReader(message.body)
        status = try reader.byte()
        guard reader.isAtEnd, [UInt8(ascii: "I"), UInt8(ascii: "T"), UInt8(ascii: "E")].contains(status) else {
            throw .malformed
        }
        input.shrink()
    }
}

/// What a statement has done, such as `INSERT 0 3` or `COMMIT`.
struct CommandTag {
    let text: Bytes

    /// Decodes CommandComplete.
    init(_ body: Bytes) throws(PostgresError) {
        var reader = MessageReader(body)
        text = try reader.string()
        guard reader.isAtEnd else { throw .malformed }
    }

    /// The number at the end: how many rows were changed or selected. 0 if there is none.
    var count: Int {
        guard let space = text.lastIndex(of: UInt8(ascii: " ")) else { return 0 }
        return Int(text.slice(from: space + 1).text) ?? 0
    }
}
