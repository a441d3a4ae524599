import Wire

/// A transaction that a connection has begun.
struct Transaction {
    let mode: PostgresConnection.TransactionMode
    /// How many statements were sent. BEGIN travels with the first.
    var flights = 0

    /// The statements that begin one.
    struct Begin {
        let readOnly = PostgresStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        // NB: not READ WRITE, which a server that may only be read refuses by an error about itself, not about the write.
        let readWrite = PostgresStatement("BEGIN ISOLATION LEVEL REPEATABLE READ")
    }
}

/// Transactions. All are REPEATABLE READ: they see one snapshot, and fail with 40001 if another has changed what they
/// change.
extension PostgresConnection {
    public enum TransactionMode: Sendable { case readOnly, readWrite }

    /// Whether a transaction has begun, even if nothing was sent yet.
    public var isInTransaction: Bool { transaction != nil }

    /// Begins a transaction. Nothing is sent until its first statement.
    public func begin(_ mode: TransactionMode) throws(PostgresError) {
        try beginCall()
        defer { endCall() }
        guard transaction == nil else { throw PostgresError(.misuse, "A transaction was begun within another") }
        transaction = Transaction(mode: mode)
    }

    /// Commits the transaction. Does nothing if it has had no statement.
    ///
    /// If it was read-only, the server is told but its answer is not waited for, and nothing is thrown.
    ///
    /// - Throws: `.rolledBack` if a statement had failed, so that the server has rolled back; other errors if the
    ///   server could not commit, or, if `isOutcomeUnknown`, has not answered. In any case the transaction has ended.
    public func commit() throws(PostgresError) {
        guard let ending = transaction else { throw PostgresError(.misuse, "There is no transaction to commit") }
        try beginCall()
        defer { endCall() }
        transaction = nil
        guard ending.flights > 0 else { return }
        output.appendQuery("COMMIT")
        if ending.mode == .readOnly { return leaveUnanswered() }
        try send()
        if let problem = try readTag(isDecisive: true, expecting: "COMMIT") { throw problem }
    }

    /// Rolls the transaction back. The answer is not waited for. Does nothing without a transaction.
    public func rollBack() {
        guard let ending = transaction, (try? beginCall()) != nil else { return }
        defer { endCall() }
        transaction = nil
        // After a failed BEGIN, the server has no transaction.
        guard ending.flights > 0, status != Self.idle else { return }
        output.appendQuery("ROLLBACK")
        leaveUnanswered()
    }

    /// What ReadyForQuery says outside a transaction.
    private static let idle = UInt8(ascii: "I")

    /// The statement that begins the current transaction on the server, unless it was sent.
    var unsentBegin: PostgresStatement? {
        guard let transaction, transaction.flights == 0 else { return nil }
        return transaction.mode == .readOnly ? beginStatements.readOnly : beginStatements.readWrite
    }

    /// Prepares for sending the first statement of the current transaction once more.
    /// - Returns: false if earlier statements cannot be repeated.
    func restartTransaction() -> Bool {
        guard let current = transaction else { return true }
        guard current.flights == 1 else { return false }
        transaction?.flights = 0
        if status != Self.idle {
            output.appendQuery("ROLLBACK")
            unreadAnswers += 1
        }
        return true
    }

    /// Sends COMMIT or ROLLBACK. The answer is read in front of the next one. A failure shows there, too.
    private func leaveUnanswered() {
        guard (try? send()) != nil else { return }
        unreadAnswers += 1
    }

    /// Reads the answers that earlier calls have not waited for.
    func skipUnreadAnswers() throws(PostgresError) {
        while unreadAnswers > 0 {
            _ = try readAnswerWithoutRows()
            unreadAnswers -= 1
        }
    }

    /// Reads the answer to a simple query.
    ///
    /// - Parameter expected: the last command tag; nil for any.
    /// - Returns: an error if the tag is another one.
    func readTag(isDecisive: Bool, expecting expected: StaticString? = nil) throws(PostgresError) -> PostgresError? {
        let answer: (error: PostgresError?, isExpected: Bool)
        do throws(PostgresError) {
            try skipUnreadAnswers()
            answer = try readAnswerWithoutRows(expecting: expected)
        } catch {
            throw ended(by: error, isDecisive: isDecisive)
        }
        if let error = answer.error { throw error }
        return answer.isExpected ? nil : PostgresError(.rolledBack, "The server has rolled the transaction back")
    }

    /// Reads messages up to ReadyForQuery.
    private func readAnswerWithoutRows(
        expecting expected: StaticString? = nil
    ) throws(PostgresError) -> (error: PostgresError?, isExpected: Bool) {
        var failure: PostgresError?
        var isExpected = expected == nil
        while true {
            let message = try nextMessage()
            switch message.type {
            case UInt8(ascii: "C"):
                let tag = try CommandTag(message.body)
                if let expected { isExpected = tag.text.equals(expected) }
            case UInt8(ascii: "E"):
                let error = try PostgresError.reported(message.body)
                if error.endsConnection { throw error }
                failure = failure ?? error
            // CloseComplete, RowDescription, DataRow, EmptyQueryResponse
            case UInt8(ascii: "3"), UInt8(ascii: "T"), UInt8(ascii: "D"), UInt8(ascii: "I"): break
            case UInt8(ascii: "Z"):
                try readStatus(message)
                return (failure, isExpected)
            default: throw .unexpected(message)
            }
        }
    }
}
