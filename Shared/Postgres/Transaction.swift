import Wire

/// A transaction that a connection has begun.
struct Transaction {
    let mode: PostgresConnection.TransactionMode
    /// How many statements it has had. BEGIN travels with the first.
    var statements = 0
    /// How often something of it was sent.
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
        guard ending.statements > 0 else { return }
        appendSync()
        output.appendQuery("COMMIT")
        if ending.mode == .readOnly, awaited.isEmpty { return leaveUnanswered() }
        try send()
        try readAnswers(andTag: "COMMIT", isDecisive: true)
    }

    /// Rolls the transaction back. The answer is not waited for, and what was not sent yet never is. Does nothing without
    /// a transaction.
    public func rollBack() {
        guard let ending = transaction, (try? beginCall()) != nil else { return }
        defer { endCall() }
        transaction = nil
        discard()
        // After a failed BEGIN, the server has no transaction.
        guard ending.flights > 0, status != Self.idle else { return }
        output.appendQuery("ROLLBACK")
        leaveUnanswered()
    }

    /// What ReadyForQuery says outside a transaction.
    private static let idle = UInt8(ascii: "I")

    /// The statement that begins the current transaction on the server, unless it was sent.
    var unsentBegin: PostgresStatement? {
        guard let transaction, transaction.statements == 0 else { return nil }
        return transaction.mode == .readOnly ? beginStatements.readOnly : beginStatements.readWrite
    }

    /// Goes back to the beginning of the current transaction, of which a single flight was sent, in which a statement has
    /// failed. Does nothing outside of a transaction.
    /// - Returns: false if there were earlier flights, which cannot be repeated.
    public func beginAgain() -> Bool {
        guard let current = transaction else { return !isUnusable }
        guard !isUnusable, current.flights == 1 else { return false }
        transaction = Transaction(mode: current.mode)
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

    /// Reads the answers to the statements that were sent in front of a simple query, and the answer to that.
    ///
    /// - Parameters:
    ///   - expected: the last command tag; nil for any.
    ///   - isDecisive: whether the query commits something.
    /// - Throws: the first error; `.rolledBack` if the tag is another one.
    func readAnswers(andTag expected: StaticString?, isDecisive: Bool) throws(PostgresError) {
        var failure: PostgresError?
        do throws(PostgresError) { _ = try readAnswers(isDecisive: isDecisive) { _, _ in false } } catch {
            if isUnusable { throw error }
            failure = error
        }
        let answer: (error: PostgresError?, isExpected: Bool)
        do throws(PostgresError) {
            try skipUnreadAnswers()
            answer = try readAnswerWithoutRows(expecting: expected)
        } catch {
            throw ended(by: error, isDecisive: isDecisive)
        }
        if let error = failure ?? answer.error { throw error }
        if !answer.isExpected { throw PostgresError(.rolledBack, "The server has rolled the transaction back") }
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
