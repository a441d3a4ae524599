import CSQLite
import Models

/// Transactions: snapshots to read from, and writes.
///
/// **The contract of a write.** Writes of an installation happen one after the other. What a body reads cannot
/// change before it commits, and all of it happens or nothing. A write that is made for a request is authorised
/// again first, on the locked state, so that rights that were taken away in between count. Nothing outside of the
/// database happens before the commit that could not be taken back.
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
        try runAlone("BEGIN")
        hasSnapshot = true
    }

    private func endSnapshot() {
        guard hasSnapshot else { return }
        hasSnapshot = false
        // A transaction that changed nothing can only fail for want of memory.
        _ = try? runAlone("COMMIT")
    }

    /// Runs `body` as one write on behalf of the request at hand. Within another write it joins that one.
    func write<T>(_ body: () throws -> T) throws -> T {
        if isInTransaction, !isConcluding { return try body() }
        return try transaction {
            try authorization?()
            return try body()
        }
    }

    /// Runs `body` as one write that needs nobody's rights: what a process does on its own account, such as to
    /// clean up after a request that lost its rights.
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
        try begin()
        do {
            try authorization?()
            let result = try body()
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

    private func transaction<T>(_ body: () throws -> T) throws -> T {
        try settle()
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

    private func begin() throws {
        endSnapshot()
        let deadline = Deadline(after: busyTimeout)
        turn = queue?.wait(until: deadline)
        isInTransaction = true
        do {
            try refuseMoved()
            // What is left of the time, for writers that do not queue.
            let remaining = deadline.remaining
            if remaining < busyTimeout { sqlite3_busy_timeout(handle, remaining) }
            defer { if remaining < busyTimeout { sqlite3_busy_timeout(handle, busyTimeout) } }
            try runAlone("BEGIN IMMEDIATE")
            try refuseNewer()
        } catch {
            rollBack()
            throw error
        }
    }

    private func commit() throws {
        try runAlone("COMMIT")
        end()
    }

    private func rollBack() {
        // SQLite may have rolled back by itself already.
        if sqlite3_get_autocommit(handle) == 0 { _ = try? runAlone("ROLLBACK") }
        end()
    }

    private func end() {
        isInTransaction = false
        isConcluding = false
        turn?.end()
        turn = nil
        if isInSnapshot { try? beginSnapshot() }
    }

    // MARK: Whether this is still the database

    /// Whether the file that is open is no longer the one at its path: the folder was moved, replaced or restored.
    var hasMoved: Bool {
        var moved: Int32 = 0
        return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
    }

    private func refuseMoved() throws {
        guard hasMoved else { return }
        giveUp()
        throw APIError(
            .serviceUnavailable, "The data folder was replaced; try again", cause: "the database file has moved")
    }

    /// A process of an older version must not write into what a newer one has migrated.
    private func refuseNewer() throws {
        guard let schemaVersion, let found: Int = try value("PRAGMA user_version"), found != schemaVersion else {
            return
        }
        giveUp()
        throw APIError(
            .serviceUnavailable, "The database was migrated by a newer version of this program; restart this one",
            cause: "user_version is \(found), this process works with \(schemaVersion)")
    }
}
