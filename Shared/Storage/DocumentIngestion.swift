import Language
import Models
import Wire

/// The right to add a document's passages. One process has it at a time.
public final class DocumentLease {
    /// The document in its final state, with all passages added.
    public var document: Document
    fileprivate(set) var job: Job

    init(document: Document, job: Job) { (self.document, self.job) = (document, job) }

    /// Another process has the lease, or the document was deleted.
    public typealias Lost = Job.LeaseLost
}

/// How documents are added and removed.
///
/// Adding a large document takes seconds, and so does removing its passages. Both happen in batches, one write each, so
/// that nobody waits long. Until all batches are done, the document is hidden and search does not return its
/// passages. If a process dies, a job continues the work: an ingestion job (`takeAbandoned`) or a purge job
/// (`purgeBatch`). Passages are analysed before the write that adds them (`PreparedPassages`).
extension DocumentStore {
    /// The number of passages that one write adds or removes, and the size of their text in bytes. A batch takes a few
    /// hundredths of a second.
    public static let batchSize = 2000
    public static let batchBytes = 2 << 20
    /// How long a document may go without progress while it is being added before it counts as abandoned.
    static let leaseSeconds = 60
    /// The same for a document that is being read again.
    public static let longestLease = 300

    var jobs: JobStore { JobStore(database: database) }

    // MARK: Adding

    /// Adds a document without its passages: as `processing` if other writes add them, as `processed` if this write
    /// does. Call it in the write that also puts the file in place.
    ///
    /// - Returns: the lease for adding passages in other writes; nil for a `processed` document.
    public func begin(_ document: Document, at now: Timestamp) throws -> DocumentLease? {
        try database.guarding(.workspace(document.workspaceId))
        try database.send(
            """
            INSERT INTO documents (id, workspace_id, name, search_key, type, mime_type, size, sha256, status, error,
                chunk_count, word_count, encoding, language, warnings, metadata, uploaded_by, created_at, updated_at)
            VALUES (\(document.id), \(document.workspaceId), \(document.name), \(SearchKey.of(document.name)),
                \(document.type), \(document.mimeType), \(document.size), \(document.sha256), \(document.status),
                \(document.error), \(document.chunkCount), \(document.wordCount), \(document.encoding),
                \(document.language), \(document.warnings.json), \(document.metadata),
                \(document.uploadedBy), \(document.createdAt), \(document.updatedAt))
            """)
        try database.send(
            "UPDATE workspaces SET document_count = document_count + 1 WHERE id = \(document.workspaceId)")
        guard document.status == .processing else { return nil }
        try hide(document.id, in: document.workspaceId)
        let job = try jobs.enqueue(
            .ingestion, document.id.text, in: document.workspaceId.text, dueAt: now + Self.leaseSeconds,
            isLeased: true)
        return DocumentLease(document: document, job: job)
    }

    /// Adds passages to a document in the write that created it.
    public func add(_ prepared: PreparedPassages, to document: Document) throws {
        try database.write {
            let first = try passages.add(prepared, to: document.workspaceId)
            try noteIndexed(document.id, from: first)
            try EmbeddingState(database: database).enqueue(prepared.passages.count, in: document.workspaceId)
        }
    }

    /// Records that the index has a document.
    private func noteIndexed(_ document: Document.ID, from number: Int?) throws {
        guard let number else { return }
        try database.send(
            "UPDATE documents SET index_from = coalesce(index_from, \(number)) WHERE id = \(document)")
    }

    /// Adds passages to a document that an earlier write created, and renews the lease.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func add(_ prepared: PreparedPassages, under lease: DocumentLease, at now: Timestamp) throws {
        lease.job = try database.write {
            let job = try jobs.renewLease(of: lease.job, for: Self.leaseSeconds, at: now)
            let first = try passages.add(prepared, to: lease.document.workspaceId)
            try noteIndexed(lease.document.id, from: first)
            return job
        }
    }

    /// Removes a batch of passages left by a process that died, and renews the lease. Returns false if there are none.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func removeBatch(under lease: DocumentLease, at now: Timestamp) throws -> Bool {
        let (job, isRemoved) = try database.write {
            let job = try jobs.renewLease(of: lease.job, for: Self.leaseSeconds, at: now)
            // What is added later counts again.
            try passages.store.remove(lease.document.id, from: lease.document.workspaceId)
            return (job, try removePassageBatch(of: lease.document.id))
        }
        lease.job = job
        return isRemoved
    }

    /// Makes a complete document visible to search.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func finish(_ lease: DocumentLease, at now: Timestamp) throws -> Document {
        let document = lease.document
        return try database.write {
            guard try jobs.finish(lease.job) else { throw DocumentLease.Lost() }
            try database.run(
                """
                UPDATE documents SET status = 'processed', chunk_count = \(document.chunkCount),
                    word_count = \(document.wordCount), encoding = \(document.encoding), language = \(document.language),
                    warnings = \(document.warnings.json), updated_at = \(now)
                WHERE id = \(document.id)
                """)
            try unhide(document.id)
            try EmbeddingState(database: database).enqueue(document.chunkCount, in: document.workspaceId)
            guard let finished = try find(document.id, in: document.workspaceId) else {
                throw APIError.notFound("Document")
            }
            return finished
        }
    }

    /// Whether a document is incomplete and no process is adding passages to it.
    public func isAbandonedOrFailed(_ document: Document, at now: Timestamp) throws -> Bool {
        switch document.status {
        case .processed: false
        case .failed: true
        case .processing:
            try !database.exists(
                """
                SELECT 1 FROM jobs WHERE kind = \(Job.Kind.ingestion) AND subject = \(document.id.text)
                    AND \(JobStore.isLeased(atMost: Self.longestLease, at: now))
                """)
        }
    }

    /// Marks a document as failed, so search does not return it. It keeps its file until somebody uploads it again.
    func fail(_ document: Document, because reason: String, at now: Timestamp) throws {
        try database.send(
            """
            UPDATE documents SET status = 'failed', error = \(reason), chunk_count = 0, updated_at = \(now)
            WHERE id = \(document.id)
            """)
        try purge(document.id, in: document.workspaceId)
    }

    // MARK: Removing

    /// Removes a document. Search stops returning its passages at once, and a job removes them. Its file becomes a
    /// candidate for removal: `BlobStore` deletes it unless another document has the same bytes.
    public func remove(_ id: Document.ID, from workspace: Workspace.ID) throws {
        try database.write {
            guard let document = try find(id, in: workspace) else { throw APIError.notFound("Document") }
            try purge(id, in: workspace)
            try database.send("DELETE FROM documents WHERE id = \(id)")
            try jobs.enqueueRemoval(of: document.sha256)
            try database.send("UPDATE workspaces SET document_count = document_count - 1 WHERE id = \(workspace)")
        }
    }

    /// Removes all documents of a workspace that is being deleted.
    func removeAll(of workspace: Workspace.ID) throws {
        try database.guarding(.workspace(workspace))
        try database.run("DELETE FROM jobs WHERE kind = \(Job.Kind.ingestion) AND queue = \(workspace)")
        try passages.store.enqueueMerging(of: workspace)
        if try database.exists("SELECT 1 FROM vector_sets WHERE workspace_id = \(workspace)") {
            try jobs.enqueueOnce(.embedding, workspace.text, in: workspace.text)
        }
        try database.run(
            """
            INSERT INTO hidden_documents (document_id, workspace_id)
            SELECT id, workspace_id FROM documents WHERE workspace_id = \(workspace)
            ON CONFLICT (document_id) DO NOTHING
            """)
        try database.run(
            """
            INSERT INTO jobs (kind, subject, queue, due_at)
            SELECT \(Job.Kind.purge), id, workspace_id, \(JobStore.atOnce) FROM documents
            WHERE workspace_id = \(workspace)
            ON CONFLICT (kind, subject) DO NOTHING
            """)
        try database.run(
            """
            INSERT INTO orphan_candidates (sha256) SELECT DISTINCT sha256 FROM documents
            WHERE workspace_id = \(workspace)
            ON CONFLICT (sha256) DO NOTHING
            """)
        try jobs.enqueue(.orphans, "files", in: "", dueAt: JobStore.atOnce)
    }

    /// Hides a document and enqueues the removal of its passages.
    func purge(_ document: Document.ID, in workspace: Workspace.ID) throws {
        try EmbeddingState(database: database).forget(document, in: workspace)
        try hide(document, in: workspace)
        try passages.store.remove(document, from: workspace)
        try jobs.cancel(.ingestion, document.text)
        try jobs.cancel(.index, document.text)
        try jobs.enqueue(.purge, document.text, in: workspace.text, dueAt: JobStore.atOnce)
    }

    private func hide(_ document: Document.ID, in workspace: Workspace.ID) throws {
        try database.send(
            """
            INSERT INTO hidden_documents (document_id, workspace_id) VALUES (\(document), \(workspace))
            ON CONFLICT (document_id) DO NOTHING
            """)
    }

    func unhide(_ document: Document.ID) throws {
        try database.send("DELETE FROM hidden_documents WHERE document_id = \(document)")
    }

    /// Removes a batch of passages. Returns false if there are none.
    func removePassageBatch(of document: Document.ID) throws -> Bool {
        try passages.remove(atMost: Self.batchSize, bytes: Self.batchBytes, of: document) > 0
    }
}
