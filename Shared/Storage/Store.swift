import Glibc
import Models
import Wire

/// Everything an installation keeps, in one folder: `nexlayer.db`, its write-ahead log, and `blobs/`.
///
/// Every aggregate has a file beside this one. SQL is written in this module alone, in the dialect that SQLite and
/// PostgreSQL share. What only SQLite has is in `Engine/SQLite` and, until search has an index of its own, in `Search`.
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

    /// Opens the folder, making it and bringing its database up to date where needed.
    ///
    /// - Parameters:
    ///   - busyTimeout: how many milliseconds to wait for another process's write.
    ///   - reserve: how many bytes uploads leave free on the disk; nil for `DiskSpace.defaultReserve`.
    public init(directory: String, busyTimeout: Int = 5000, reserve: Int? = nil) throws {
        let folder = DataFolder(path: directory)
        let isNew = try folder.prepare()
        database = try Database(
            path: folder.database, queue: folder.writeQueue, busyTimeout: Int32(clamping: busyTimeout), mayCreate: isNew
        )
        try Migrations.run(on: database, lockFile: "\(directory)/migration.lock", mayBegin: isNew)
        database.sqlite.sharedMemory = try SharedMemory(ofDatabase: folder.database)
        folder.mark()
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
        blobs = BlobStore(directory: BlobStore.folder(in: directory), database: database, reserve: reserve)
        documents = DocumentStore(database: database, passages: passages)
        conversations = ConversationStore(database: database)
    }

    /// Whether this process changed anything. If so, close the store (release it) before the process ends: the last
    /// connection then empties the write-ahead log, and the next cold start need not read it.
    public var hasWritten: Bool { database.hasWritten }

    /// Runs `body`, in which all reads see one state, until something is written.
    public func snapshot<T>(_ body: () throws -> T) throws -> T { try database.snapshot(body) }

    /// Runs `body` outside of the snapshot that there is: its reads see the latest state. So do those after it.
    public func outsideSnapshot<T>(_ body: () throws -> T) throws -> T { try database.outsideSnapshot(body) }

    /// Whether this store has to be opened again before the next request: its folder was moved, replaced or restored, or
    /// its connection failed.
    public var isUnusable: Bool { database.isUnusable }

    /// Runs `body`. Every write in it, except maintenance, first runs `authorization` on the locked state; what that
    /// throws ends the write.
    public func authorizingWrites<T>(by authorization: @escaping () throws -> Void, _ body: () throws -> T) rethrows
        -> T
    {
        database.authorization = authorization
        defer { database.authorization = nil }
        return try body()
    }

    /// Runs `body` as one write on behalf of the current request: all of it happens, or nothing. It may run more than once.
    public func write<T>(_ body: () throws -> T) throws -> T { try database.write(body) }

    /// Runs `body` as the write with which a request ends. Under an idempotency key, its response is kept in the same
    /// transaction, which is open until then: nothing slow may follow.
    public func writeConclusion<T>(_ body: () throws -> T) throws -> T { try database.writeConclusion(body) }

    /// Whether the request's last write waits for its commit.
    public var isConcluding: Bool { database.isConcluding }

    /// Runs `body`, in which the commit of `writeConclusion` waits for `conclude`.
    public func deferringConclusion<T>(_ body: () throws -> T) rethrows -> T {
        database.defersConclusion = true
        defer { database.defersConclusion = false }
        return try body()
    }

    /// Commits the request's last write together with what `body` adds.
    public func conclude(_ body: () throws -> Void) throws { try database.conclude(body) }

    /// Commits the request's last write as it is, if it waits: something slow follows.
    public func settle() throws { try database.settle() }

    /// Runs `body` as one write without authorisation, such as to clean up after a request that failed.
    public func maintain<T>(_ body: () throws -> T) throws -> T { try database.maintain(body) }

    /// How long a removal may purge passages: long enough for a document of usual size. The rest is left to `run-jobs`.
    private static let purgeMilliseconds: Int64 = 300

    /// Removes a document, what is found through it, and its file unless another has the same bytes.
    /// Nothing is removed when `condition`, which runs within the same write, throws.
    public func removeDocument(
        _ id: Document.ID, from workspace: Workspace.ID, if condition: () throws -> Void
    ) throws {
        try write {
            try condition()
            try documents.remove(id, from: workspace)
        }
        cleanUp()
    }

    /// Removes a document that could not be finished, whatever its uploader may do by now.
    public func removeUnfinished(
        _ id: Document.ID, from workspace: Workspace.ID, recording event: () throws -> Void
    ) throws {
        try maintain {
            try event()
            try documents.remove(id, from: workspace)
        }
        cleanUp()
    }

    /// Removes a workspace with all that is in it, all or nothing.
    /// Nothing is removed when `condition`, which runs within the same write, throws.
    public func removeWorkspace(_ id: Workspace.ID, if condition: () throws -> Void) throws {
        try write {
            try condition()
            try documents.removeAll(of: id)
            try workspaces.remove(id)
        }
        cleanUp()
    }

    /// Removes the files and passages of what was removed. If that fails because another process is writing, `run-jobs`
    /// does it.
    private func cleanUp() {
        try? removeOrphans(at: .now())
        _ = try? purgeRemoved(milliseconds: Self.purgeMilliseconds)
    }

    /// How much of everything there is.
    public struct Counts: Sendable {
        public var users, workspaces, documents, passages, conversations, messages, webhooks, pendingDeliveries: Int64
        /// Uploaded bytes, each file once.
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
