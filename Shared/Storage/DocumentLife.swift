import Glibc
import Language
import Models
import Platform
import Wire

/// How documents come and go.
///
/// Indexing a large document takes seconds, and so does taking it out of the index. Both happen in batches,
/// each a write of its own, so that nobody else waits long. Meanwhile the document is unlisted: search does
/// not find its passages. Wherever a process dies, either nothing is left over, or what `forgetBatch` and
/// `takeAbandoned` find.
extension DocumentStore {
    /// How many passages are added or removed in one write, and how many bytes of text they have together:
    /// a few hundredths of a second.
    public static let batchSize = 200
    public static let batchBytes = 256 * 1024
    /// How long a document that is being added may stand still before it counts as abandoned.
    static let leaseSeconds = 60
    /// The same for one that is read again.
    static let longestLease = 300

    // MARK: Adding

    /// Adds a document without its passages: as `processing` when they follow in other writes, as
    /// `processed` when they follow in this one. Call it in the write that also puts its file in place.
    ///
    /// - Returns: the right to add them in other writes.
    @discardableResult
    public func begin(_ document: Document) throws -> DocumentLease {
        try database.run(
            """
            INSERT INTO documents (id, workspace_id, name, search_key, type, mime_type, size, sha256, status, error,
                chunk_count, word_count, metadata, uploaded_by, created_at, updated_at)
            VALUES (\(document.id), \(document.workspaceId), \(document.name), \(SearchKey.of(document.name)),
                \(document.type), \(document.mimeType), \(document.size), \(document.sha256), \(document.status),
                \(document.error), \(document.chunkCount), \(document.wordCount), \(document.metadata),
                \(document.uploadedBy), \(document.createdAt), \(document.updatedAt))
            """)
        try database.run(
            "UPDATE workspaces SET document_count = document_count + 1 WHERE id = \(document.workspaceId)")
        let lease = DocumentLease(document: document, until: .now() + Self.leaseSeconds)
        guard document.status == .processing else { return lease }
        try database.run(
            """
            INSERT INTO unlisted_documents (document_id, workspace_id, expires_at)
            VALUES (\(document.id), \(document.workspaceId), \(lease.until))
            """)
        return lease
    }

    /// Adds passages to a document in the write that began it.
    public func add(_ batch: [Passage], to document: Document) throws {
        try database.write {
            try passages.add(batch, to: document.workspaceId)
        }
    }

    /// Adds passages to a document that was begun in another write.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func add(_ batch: [Passage], under lease: DocumentLease) throws {
        try database.write {
            try renew(lease)
            try passages.add(batch, to: lease.document.workspaceId)
        }
    }

    /// A process that took too long finds that another goes on with the document, or that it was removed.
    func renew(_ lease: DocumentLease) throws {
        // Never the same as before: that is what tells one lease from the next.
        let next = max(Timestamp.now() + Self.leaseSeconds, Timestamp(milliseconds: lease.until.milliseconds + 1))
        let renewed = try database.run(
            """
            UPDATE unlisted_documents SET expires_at = \(next)
            WHERE document_id = \(lease.document.id) AND expires_at = \(lease.until)
            """)
        if renewed == 0 { throw DocumentLease.Lost() }
        lease.until = next
    }

    /// Lets search find a document whose passages are all there.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func finish(_ lease: DocumentLease, at now: Timestamp) throws -> Document {
        let document = lease.document
        return try database.write {
            try renew(lease)
            try database.run(
                """
                UPDATE documents SET status = 'processed', chunk_count = \(document.chunkCount),
                    word_count = \(document.wordCount), updated_at = \(now)
                WHERE id = \(document.id)
                """)
            try database.run("DELETE FROM unlisted_documents WHERE document_id = \(document.id)")
            try database.run("DELETE FROM document_attempts WHERE document_id = \(document.id)")
            guard let finished = try find(document.id, in: document.workspaceId) else {
                throw APIError.notFound("Document")
            }
            return finished
        }
    }

    /// Whether nobody adds passages to a document any more that are missing.
    public func isBroken(_ document: Document) throws -> Bool {
        switch document.status {
        case .processed: false
        case .failed: true
        case .processing:
            try database.value(
                "SELECT 1 FROM unlisted_documents WHERE document_id = \(document.id) AND \(Self.isLeased(.now()))",
                as: Int.self) == nil
        }
    }

    /// Whether somebody still has the lease of a row of `unlisted_documents`. Nobody has one that ends later than any
    /// lease can: then the clock was set back.
    static func isLeased(_ now: Timestamp) -> SQL {
        "expires_at > \(now) AND expires_at <= \(now + longestLease + 1)"
    }

    /// Marks a document as one that will not be found. It stays with its file, until it is uploaded again.
    func fail(_ document: Document, because reason: String, at now: Timestamp) throws {
        try database.run(
            """
            UPDATE documents SET status = 'failed', error = \(reason), chunk_count = 0, updated_at = \(now)
            WHERE id = \(document.id)
            """)
        try database.run("DELETE FROM document_attempts WHERE document_id = \(document.id)")
        try unlist(document.id, in: document.workspaceId)
    }

    // MARK: Removing

    /// Removes a document, whose passages are found no more and forgotten later. Its file is released:
    /// `BlobStore` removes it once nothing else has the same bytes.
    public func remove(_ id: Document.ID, from workspace: Workspace.ID) throws {
        try database.write {
            guard let document = try find(id, in: workspace) else { throw APIError.notFound("Document") }
            try unlist(id, in: workspace)
            try database.run("DELETE FROM documents WHERE id = \(id)")
            try database.run(
                "INSERT INTO released_blobs (sha256) VALUES (\(document.sha256)) ON CONFLICT (sha256) DO NOTHING")
            try database.run("UPDATE workspaces SET document_count = document_count - 1 WHERE id = \(workspace)")
        }
    }

    func unlist(_ document: Document.ID, in workspace: Workspace.ID) throws {
        try database.run(
            """
            INSERT INTO unlisted_documents (document_id, workspace_id) VALUES (\(document), \(workspace))
            ON CONFLICT (document_id) DO UPDATE SET expires_at = NULL
            """)
    }

    /// Forgets some passages of documents that are gone. False when there are none.
    func forgetBatch() throws -> Bool {
        try database.maintain {
            guard let document = try nextToForget() else { return false }
            if try passages.remove(atMost: Self.batchSize, bytes: Self.batchBytes, of: document) == 0 {
                try database.run("DELETE FROM unlisted_documents WHERE document_id = \(document)")
            }
            return true
        }
    }

    /// Looks before `forgetBatch` locks: mostly there is nothing to do.
    func hasToForget() throws -> Bool { try nextToForget() != nil }

    private func nextToForget() throws -> Document.ID? {
        try database.value("SELECT document_id FROM unlisted_documents WHERE expires_at IS NULL LIMIT 1")
    }
}

extension WorkspaceStore {
    /// Removes a workspace with all that is in it, all or nothing; files are released, and passages are
    /// forgotten later.
    func remove(_ id: Workspace.ID) throws {
        try database.write {
            try database.run(
                """
                INSERT INTO unlisted_documents (document_id, workspace_id)
                SELECT id, workspace_id FROM documents WHERE workspace_id = \(id)
                ON CONFLICT (document_id) DO UPDATE SET expires_at = NULL
                """)
            try database.run(
                """
                INSERT INTO released_blobs (sha256) SELECT DISTINCT sha256 FROM documents WHERE workspace_id = \(id)
                ON CONFLICT (sha256) DO NOTHING
                """)
            if try database.run("DELETE FROM workspaces WHERE id = \(id)") == 0 { throw APIError.notFound("Workspace") }
        }
    }
}

extension Store {
    /// Forgets passages of removed documents, a batch at a time, for about so long; what is left is for the
    /// next call. True when nothing is left.
    public func forgetRemoved(milliseconds: Int64) throws -> Bool {
        let end = Moment.now.adding(milliseconds: milliseconds)
        while try documents.hasToForget(), try documents.forgetBatch() {
            if Moment.now >= end { return false }
        }
        return true
    }
}
