import Models

/// Transactions: snapshots to read from, and writes.
///
/// **The contract of a write.**
/// - Writes are serialisable: what a body reads cannot change before it commits, and all of it happens or nothing.
///   Promises that span rows need a `Guard` on engines that have several writers.
/// - A body may run more than once, of which only the last run counts. So it changes nothing but the database: no
///   variables that it reads itself, no files. A build with `-D REPEAT_WRITES` runs every body twice.
/// - Nothing outside of the database happens before the commit, except for what does no harm without it, such as a file
///   that nothing refers to. The rest belongs into `afterCommit`.
/// - A write on behalf of a request is authorised first, on the locked state, so that rights that were taken away in
///   between count.
extension Database {
    /// Runs `body`, in which all reads see one state: that at the first of them. A write within `body` ends that state;
    /// reads after it see another one, with what was written. Within a write, this adds nothing.
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

    /// Runs `body` outside of the snapshot that there is: its reads see the latest state. So do those after it.
    func outsideSnapshot<T>(_ body: () throws -> T) throws -> T {
        guard isInSnapshot, !isInTransaction else { return try body() }
        isInSnapshot = false
        endSnapshot()
        let result = try body()
        isInSnapshot = true
        try beginSnapshot()
        return result
    }

    private func beginSnapshot() throws {
        switch engine {
        case .sqlite(let connection): try connection.beginSnapshot()
        }
        hasSnapshot = true
    }

    private func endSnapshot() {
        guard hasSnapshot else { return }
        hasSnapshot = false
        switch engine {
        case .sqlite(let connection): connection.endSnapshot()
        }
    }

    // MARK: Writing

    /// Runs `body` as one write on behalf of the current request. Within another write it joins that one.
    func write<T>(_ body: () throws -> T) throws -> T {
        if isInTransaction, !isConcluding { return try body() }
        return try transaction {
            try authorization?()
            return try body()
        }
    }

    /// Runs `body` as one write without authorisation: for what a process does on its own account, such as cleaning up
    /// after a request that lost its rights.
    func maintain<T>(_ body: () throws -> T) throws -> T {
        if isInTransaction, !isConcluding { return try body() }
        return try transaction(body)
    }

    /// Runs `body` as the last write of a request. Where the request's response is kept under an idempotency key
    /// (`defersConclusion`), its commit waits for `conclude`, so that there is never one without the other. Nothing slow
    /// may happen in between: all other writers wait.
    func writeConclusion<T>(_ body: () throws -> T) throws -> T {
        guard defersConclusion, !isInTransaction || isConcluding else { return try write(body) }
        try settle()
        func authorized() throws -> T {
            try authorization?()
            return try body()
        }
        try rehearse(authorized)
        try begin()
        do {
            let result = try authorized()
            isConcluding = true
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs `body` in the transaction of the request's last write, or in one of its own, and commits it.
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

    /// Commits what waits for its conclusion, if anything does.
    func settle() throws { if isConcluding { try conclude {} } }

    /// Runs `body` when the current write is committed; at once where there is none.
    func afterCommit(_ body: @escaping () -> Void) { afterWrite { if $0 { body() } } }

    /// Runs `body` when the current write has ended, with whether it was committed; at once where there is none.
    func afterWrite(_ body: @escaping (_ isCommitted: Bool) -> Void) {
        if isInTransaction { endings.append(body) } else { body(true) }
    }

    // MARK: Parts

    private func transaction<T>(_ body: () throws -> T) throws -> T {
        try settle()
        try rehearse(body)
        try begin()
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs `body` and takes back what it did: in a build that looks for bodies which cannot run twice.
    private func rehearse<T>(_ body: () throws -> T) throws {
        #if REPEAT_WRITES
            try begin()
            _ = try? body()
            rollBack()
        #endif
    }

    private func begin() throws {
        endSnapshot()
        isInTransaction = true
        do {
            switch engine {
            case .sqlite(let connection): try connection.beginWrite()
            }
        } catch {
            end(isCommitted: false)
            throw error
        }
    }

    private func commit() throws {
        switch engine {
        case .sqlite(let connection): try connection.commit()
        }
        end(isCommitted: true)
    }

    private func rollBack() {
        switch engine {
        case .sqlite(let connection): connection.rollBack()
        }
        end(isCommitted: false)
    }

    private func end(isCommitted: Bool) {
        isInTransaction = false
        isConcluding = false
        if isInSnapshot { try? beginSnapshot() }
        if endings.isEmpty { return }
        let endings = endings
        self.endings = []
        for ending in endings { ending(isCommitted) }
    }
}
