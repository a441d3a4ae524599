import Wire

/// Statements that travel to the server together, and the answers to them.
///
/// The statements of a transaction are followed by one Sync: if one fails, the server skips the rest. Any other statement
/// has a Sync of its own, so that it commits by itself.
extension PostgresConnection {
    /// Appends a statement to those that are sent next. Nothing is sent yet. If it fails, the next call that waits for
    /// answers throws.
    ///
    /// - Parameters:
    ///   - rowLimit: as in `run`.
    ///   - isSeparate: whether it commits by itself, in front of the current transaction, which must not have had a
    ///     statement yet.
    ///   - bind: as in `run`.
    public func enqueue(
        _ statement: PostgresStatement, rowLimit: Int = 0, isSeparate: Bool = false,
        bind: (PostgresParameters) throws -> Void = { _ in }
    ) throws {
        if isSeparate, transaction?.statements ?? 0 > 0 {
            throw PostgresError(.misuse, "A separate statement was run within a transaction")
        }
        _ = try append(statement, rowLimit: rowLimit, isSeparate: isSeparate, bind)
    }

    /// The number of statements that were appended since the last call that waited.
    public var enqueued: Int { awaited.count }
    /// The bytes that are waiting to be sent.
    public var enqueuedBytes: Int { output.count }

    /// Sends the statements that were appended, and calls `row` with the number of each, from 0, and its rows, until that
    /// returns false for this statement. `row` cannot use this connection.
    ///
    /// - Returns: the number of rows that the last one changed or selected; 0 without any.
    /// - Throws: the first error. The statements of a transaction that follow it were not run.
    @discardableResult
    public func receive(
        _ row: (_ number: Int, PostgresRow) -> Bool = { _, _ in false }
    ) throws(PostgresError) -> Int {
        guard !awaited.isEmpty else { return 0 }
        try beginCall()
        defer { endCall() }
        appendSync()
        try send()
        return try readAnswers(isDecisive: false, row)
    }

    // MARK: Appending

    func append(
        _ statement: PostgresStatement, rowLimit: Int, isSeparate: Bool = false,
        _ bind: (PostgresParameters) throws -> Void
    ) throws -> PreparedStatement {
        try beginCall()
        defer { endCall() }
        parameters.removeAll()
        try bind(parameters)
        try parameters.check(textLength: statement.text.count)
        let prepared = statements.prepared(statement, types: parameters.types)
        append(prepared, parameters.values, rowLimit: rowLimit, isSeparate: isSeparate)
        return prepared
    }

    func append(_ prepared: PreparedStatement, _ values: ByteBuffer, rowLimit: Int, isSeparate: Bool = false) {
        var answer = Answer(to: prepared)
        // The server learns that it has to forget a statement before it prepares another of that name.
        while forgotten.appended < forgotten.names.count {
            output.appendClose(name: forgotten.names[forgotten.appended])
            forgotten.appended += 1
        }
        answer.isDecisive = transaction == nil || isSeparate
        if !answer.isDecisive {
            if let begin = unsentBegin {
                let begin = statements.prepared(begin, types: [])
                appendBind(begin, noValues)
                output.appendExecute(limit: 0)
                answer.begin = begin
            }
            transaction?.statements += 1
        }
        appendBind(prepared, values)
        if prepared.columns == nil || !answer.wasPrepared { output.appendDescribe() }
        output.appendExecute(limit: max(0, min(rowLimit, Int(Int32.max))))
        awaited.append(answer)
        if answer.isDecisive { appendSync() }
    }

    /// Appends what prepares a statement, if neither the server nor the current flight has it, and binds its parameters.
    private func appendBind(_ prepared: PreparedStatement, _ values: ByteBuffer) {
        let name = statements.usesNames ? prepared.name : []
        if !prepared.isPrepared, prepared.flight != flights || !statements.usesNames {
            output.appendParse(name: name, text: prepared.text, types: prepared.types)
            prepared.flight = flights
        }
        output.appendBind(name: name, values: values, count: prepared.types.count)
    }

    /// Appends Sync to statements that have none yet.
    func appendSync() {
        guard let last = awaited.indices.last, !awaited[last].isSynchronized else { return }
        awaited[last].isSynchronized = true
        output.appendSync()
    }

    /// Forgets what was appended and not sent.
    func discard() {
        output.removeAll()
        awaited = []
        flights += 1
        forgotten.appended = 0
    }

    // MARK: Reading

    /// Reads the answers to the statements that were sent.
    ///
    /// - Parameter isDecisive: whether the flight commits more than what the statements commit by themselves.
    func readAnswers(
        isDecisive: Bool, _ row: (_ number: Int, PostgresRow) -> Bool
    ) throws(PostgresError) -> Int {
        var answers = awaited
        awaited = []
        let isDecisive = isDecisive || answers.contains { $0.isDecisive }
        var failure: PostgresError?
        do throws(PostgresError) {
            try skipUnreadAnswers()
            var isSkipping = false
            for number in answers.indices {
                if !isSkipping { try read(&answers[number]) { row(number, $0) } }
                isSkipping = isSkipping || answers[number].hasFailed
                if answers[number].isSynchronized {
                    try readSync(&answers[number])
                    isSkipping = false
                }
                failure = failure ?? answers[number].error
            }
        } catch {
            throw ended(by: error, isDecisive: isDecisive)
        }
        if let failure { throw failure }
        return answers.last?.count ?? 0
    }
}
