import Glibc
import Models
import Wire

/// Everything an installation stores: in one folder, `nexlayer.db`, its write-ahead log, and `blobs/`; or with the
/// database on a PostgreSQL server, and with uploaded files where `BLOBS` says.
///
/// Each aggregate has a file beside this one. Only this module contains SQL, in the dialect that SQLite and PostgreSQL
/// share. What only one of them needs is in `Engine/SQLite` or `Engine/Postgres`.
public final class Store {
    let database: Database
    public let settings: SettingStore
    public let users: UserStore
    public let sessions: SessionStore
    public let apiKeys: APIKeyStore
    public let idempotency: IdempotencyStore
    public let webhooks: WebhookStore
    public let events: EventStore
    public let workspaces: WorkspaceStore
    public let members: MemberStore
    public let invitations: InvitationStore
    public let documents: DocumentStore
    public let passages: PassageIndex
    public let conversations: ConversationStore
    public let blobs: BlobStore
    public let uploads: UploadStore

    /// Opens the folder. Creates it and migrates its database if needed.
    ///
    /// - Parameters:
    ///   - server: the PostgreSQL server that has the database; nil for a SQLite file in the folder.
    ///   - timeout: how long to wait for the database, such as for another process's write, in milliseconds.
    ///   - reserve: the bytes that uploads leave free on the disk; nil for `DiskSpace.defaultReserve`.
    ///   - location: where the bytes of uploaded files are.
    public init(
        directory: String, server: DatabaseServer? = nil, busyTimeout timeout: Int = 5000, reserve: Int? = nil,
        blobs location: BlobLocation = .files
    ) throws {
        let folder = DataFolder(path: directory)
        if let server {
            try folder.create()
            database = try Database(server: server, timeout: timeout)
        } else {
            database = try folder.openDatabase(timeout: timeout)
        }
        settings = SettingStore(database: database)
        users = UserStore(database: database)
        sessions = SessionStore(database: database)
        apiKeys = APIKeyStore(database: database)
        idempotency = IdempotencyStore(database: database, locks: ClaimLocks(path: folder.claims))
        webhooks = WebhookStore(database: database)
        events = EventStore(database: database)
        workspaces = WorkspaceStore(database: database)
        members = MemberStore(database: database)
        invitations = InvitationStore(database: database)
        passages = PassageIndex(database: database)
        blobs = BlobStore(location, database: database, directory: directory, reserve: reserve)
        uploads = UploadStore(database: database)
        documents = DocumentStore(database: database, passages: passages)
        conversations = ConversationStore(database: database)
    }

    /// Whether this process has changed anything. If so, close the store (release it) before the process ends: the last
    /// connection then empties the write-ahead log, and the next cold start need not read it.
    public var hasWritten: Bool { database.hasWritten }

    /// Runs `body` in a snapshot: all reads see one state until something is written.
    public func snapshot<T>(_ body: () throws -> T) throws -> T { try database.snapshot(body) }

    /// Whether `snapshot` is running.
    public var isInSnapshot: Bool { database.isInSnapshot }

    /// Runs `body` outside the current snapshot. Its reads see the latest state, and so do later ones.
    public func outsideSnapshot<T>(_ body: () throws -> T) throws -> T { try database.outsideSnapshot(body) }

    /// Whether this store must be reopened before the next request: its folder was moved, replaced or restored, or its
    /// connection failed.
    public var isUnusable: Bool { database.isUnusable }

    /// How many writes have run again since the last call because they met those of others.
    public func takeRepeatedWrites() -> Int {
        guard case .postgres(let engine) = database.engine else { return 0 }
        defer { engine.repeatedWrites = 0 }
        return engine.repeatedWrites
    }

    /// Runs `body`. Every write in it, except maintenance, first runs `authorization` on the locked state. If that
    /// throws, the write ends.
    public func authorizingWrites<T>(by authorization: @escaping () throws -> Void, _ body: () throws -> T) rethrows
        -> T
    {
        database.authorization = authorization
        defer { database.authorization = nil }
        return try body()
    }

    /// Runs `body` as one atomic write on behalf of the current request. `body` may run more than once.
    public func write<T>(_ body: () throws -> T) throws -> T { try database.write(body) }

    /// Runs `body` as the final write of a request. Under an idempotency key, the response is stored in the same
    /// transaction, which stays open until then: nothing slow may follow.
    public func writeConclusion<T>(_ body: () throws -> T) throws -> T { try database.writeConclusion(body) }

    /// Whether the request's final write is waiting to be committed.
    public var isConcluding: Bool { database.isConcluding }

    /// Runs `body`. The commit of a `writeConclusion` in it waits for `conclude`.
    public func deferringConclusion<T>(_ body: () throws -> T) rethrows -> T {
        database.defersConclusion = true
        defer { database.defersConclusion = false }
        return try body()
    }

    /// Commits the request's final write together with what `body` adds.
    public func conclude(_ body: () throws -> Void) throws { try database.conclude(body) }

    /// Commits the request's final write as it is, if one is waiting. Call it before something slow.
    public func settle() throws { try database.settle() }

    /// Runs `body` as one write without authorisation, for example to clean up after a failed request.
    public func maintain<T>(_ body: () throws -> T) throws -> T { try database.maintain(body) }

    /// How long a removal may purge passages: enough for a typical document. `run-jobs` does the rest.
    private static let purgeMilliseconds: Int64 = 300

    /// Removes a document, its passages, and its file unless another document has the same bytes. Removes nothing if
    /// `condition`, which runs in the same write, throws.
    public func removeDocument(
        _ id: Document.ID, from workspace: Workspace.ID, if condition: () throws -> Void
    ) throws {
        try write {
            try condition()
            try documents.remove(id, from: workspace)
        }
        cleanUp()
    }

    /// Removes a document that could not be completed, whatever rights its uploader has now.
    public func removeUnfinished(
        _ id: Document.ID, from workspace: Workspace.ID, recording event: () throws -> Void
    ) throws {
        try maintain {
            try event()
            try documents.remove(id, from: workspace)
        }
        cleanUp()
    }

    /// Removes a workspace and everything in it, atomically. Removes nothing if `condition`, which runs in the same
    /// write, throws.
    public func removeWorkspace(_ id: Workspace.ID, if condition: () throws -> Void) throws {
        try write {
            try condition()
            try documents.removeAll(of: id)
            try workspaces.remove(id)
        }
        cleanUp()
    }

    /// Purges the files and passages of what was removed. If that fails because another process is writing, `run-jobs`
    /// does it.
    private func cleanUp() {
        if !blobs.place.isRemote { try? removeOrphans(at: .now()) }
        _ = try? purgeRemoved(milliseconds: Self.purgeMilliseconds)
    }

    /// The totals of the installation.
    public struct Counts: Sendable {
        public var users, workspaces, documents, passages, conversations, messages, webhooks, pendingDeliveries: Int64
        /// Uploaded bytes, counting each file once.
        public var bytesStored: Int64
    }

    public func counts() throws -> Counts {
        let counts = try database.first("SELECT \(Counts.columns)", as: Counts.self)
        guard let counts else { throw APIError.internalError(cause: "the counts have no row") }
        return counts
    }
}

extension Store.Counts: Record {
    static let columns = SQL(columnsOf: Self.self)

    init(from row: inout Row) {
        self.init(
            users: row["(SELECT count(*) FROM users)"], workspaces: row["(SELECT count(*) FROM workspaces)"],
            documents: row["(SELECT count(*) FROM documents)"], passages: row["(SELECT count(*) FROM passages)"],
            conversations: row["(SELECT count(*) FROM conversations)"],
            messages: row["(SELECT count(*) FROM messages)"], webhooks: row["(SELECT count(*) FROM webhooks)"],
            pendingDeliveries: row["(SELECT count(*) FROM jobs WHERE kind = 'webhook')"],
            bytesStored: row[
                """
                (SELECT CAST(coalesce(sum(size), 0) AS BIGINT)
                FROM (SELECT max(size) AS size FROM documents GROUP BY sha256) AS files)
                """])
    }
}
