import Models

/// Transactions: snapshots for reading, and writes.
///
/// **The contract of a write.**
/// - Writes are serialisable and atomic: what a body reads cannot change before it commits. Invariants across rows need
///   a `Guard` on engines with several writers.
/// - A body may run more than once; only its last run counts. So it must change nothing but the database: no variables
///   that it also reads, no files. A build with `-D REPEAT_WRITES` runs every body twice.
/// - Nothing happens outside the database before the commit, except what is harmless without it, such as adding a file
///   that nothing refers to. The rest belongs in `afterCommit`.
/// - A write on behalf of a request is authorised first, on the locked state, so that rights revoked in between are
///   noticed.
extension Database {
    /// Runs `body` in a snapshot: all its reads see the state at the first of them. A write within `body` ends that
    /// snapshot, because a transaction that has read cannot start writing after another process has written. Later
    /// reads see a new snapshot that includes the write. Within a write, this has no effect.
    func snapshot<T>(_ body: () throws -> T) throws -> T {
        guard !isInSnapshot, !isInTransaction else { return try body() }
        isInSnapshot = true
        defer {
            isInSnapshot = false
            endSnapshot()
        }
        try beginSnapshot()
        return try body()
    }

    /// Runs `body` outside the current snapshot. Its reads see the latest state, and so do later ones.
    func outsideSnapshot<T>(_ body: () throws -> T) throws -> T {
        guard isInSnapshot, !isInTransaction else { return try body() }
        isInSnapshot = false
        endSnapshot()
        defer { isInSnapshot = true }
        let result = try body()
        try beginSnapshot()
        return result
    }

    private func beginSnapshot() throws {
        switch engine {
        case .sqlite(let connection): try connection.beginSnapshot()
        case .postgres(let engine): try engine.beginSnapshot()
        }
        hasSnapshot = true
    }

    private func endSnapshot() {
        guard hasSnapshot else { return }
        hasSnapshot = false
        switch engine {
        case .sqlite(let connection): connection.endSnapshot()
        case .postgres(let engine): engine.endSnapshot()
        }
    }

    // MARK: Writing

    /// Runs `body` as one write on behalf of the current request. Within another write, it joins that one.
    func write<T>(_ body: () throws -> T) throws -> T {
        if isInTransaction, !isConcluding { return try body() }
        return try transaction {
            try authorization?()
            return try body()
        }
    }

    /// Runs `body` as one write without authorisation, for work that a process does on its own account, such as
    /// cleaning up after a request that lost its rights.
    func maintain<T>(_ body: () throws -> T) throws -> T {
        if isInTransaction, !isConcluding { return try body() }
        return try transaction(body)
    }

    /// Runs `body` as the final write of a request. If the response is stored under an idempotency key
    /// (`defersConclusion`), the commit waits for `conclude`, so that neither exists without the other. Do nothing slow
    /// in between: all other writers wait.
    func writeConclusion<T>(_ body: () throws -> T) throws -> T {
        guard defersConclusion, !isInTransaction || isConcluding else { return try write(body) }
        try settle()
        func authorized() throws -> T {
            try authorization?()
            return try body()
        }
        try rehearse(authorized)
        return try repeating {
            let result = try authorized()
            // What is sent later fails in `conclude`, which cannot run the body again.
            if case .postgres(let engine) = engine { try engine.flush() }
            isConcluding = true
            return result
        }
    }

    /// Runs `body` in the transaction of the request's final write, or in a new one, and commits it.
    func conclude(_ body: () throws -> Void) throws {
        guard isConcluding else { return try write(body) }
        isConcluding = false
        do {
            try body()
            try commit()
        } catch {
            rollBack()
            throw error
        }
    }

    /// Commits the final write if it is still waiting for `conclude`.
    func settle() throws { if isConcluding { try conclude {} } }

    /// Runs `body` after the current write has committed; at once if there is no write.
    func afterCommit(_ body: @escaping () -> Void) { afterWrite { if $0 { body() } } }

    /// Runs `body` after the current write has ended, and passes whether it was committed; at once if there is no
    /// write.
    func afterWrite(_ body: @escaping (_ isCommitted: Bool) -> Void) {
        if isInTransaction { endings.append(body) } else { body(true) }
    }

    // MARK: Parts

    private func transaction<T>(_ body: () throws -> T) throws -> T {
        try settle()
        try rehearse(body)
        return try repeating {
            let result = try body()
            try commit()
            return result
        }
    }

    /// Begins a write and runs `body`. Rolls back if it fails, and begins anew where it failed because of another one.
    @inline(__always)
    private func repeating<T>(_ body: () throws -> T) throws -> T {
        var repetitions = Repetitions()
        while true {
            try begin()
            do { return try body() } catch {
                rollBack()
                guard mayRepeat(&repetitions) else { throw error }
            }
        }
    }

    @inline(never)
    private func mayRepeat(_ repetitions: inout Repetitions) -> Bool {
        switch engine {
        case .sqlite: false
        case .postgres(let engine): engine.mayRepeat(&repetitions)
        }
    }

    /// Runs `body` and rolls it back, in builds that detect bodies which cannot run twice.
    private func rehearse<T>(_ body: () throws -> T) throws {
        #if REPEAT_WRITES
            try begin()
            _ = try? body()
            rollBack()
        #endif
    }

    // NB: not inlined, because every write would have its own copy.
    @inline(never)
    private func begin() throws {
        endSnapshot()
        isInTransaction = true
        do {
            switch engine {
            case .sqlite(let connection): try connection.beginWrite()
            case .postgres(let engine): try engine.beginWrite()
            }
            try refuseIfMoved()
        } catch {
            rollBack()
            throw error
        }
    }

    /// Throws if a transfer reads the installation or has moved it. On a server, that is looked up now and then.
    private func refuseIfMoved() throws {
        if ignoresTransfer { return }
        switch engine {
        case .sqlite(let connection):
            guard connection.schemaVersion != nil else { return }
            try TransferMark.refuseWrite(value("SELECT value FROM settings WHERE name = 'transfer'"))
        case .postgres(let engine): try TransferMark.refuseWrite(engine.transferMark)
        }
    }

    @inline(never)
    private func commit() throws {
        switch engine {
        case .sqlite(let connection): try connection.commit()
        case .postgres(let engine): try engine.commit()
        }
        end(isCommitted: true)
    }

    @inline(never)
    private func rollBack() {
        switch engine {
        case .sqlite(let connection): connection.rollBack()
        case .postgres(let engine): engine.rollBack()
        }
        end(isCommitted: false)
    }

    private func end(isCommitted: Bool) {
        isInTransaction = false
        isConcluding = false
        hasWebhooks = nil
        if isInSnapshot { try? beginSnapshot() }
        if endings.isEmpty { return }
        let endings = endings
        self.endings = []
        for ending in endings { ending(isCommitted) }
    }
}
