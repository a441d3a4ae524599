import Models
import Wire

/// The right to add the passages of a document, which one process has at a time.
public final class DocumentLease {
    /// As it is to be once they are all there.
    public var document: Document
    /// When another may have it, unless it is renewed before. It also tells this lease from the next.
    var until: Timestamp

    init(document: Document, until: Timestamp) { (self.document, self.until) = (document, until) }

    /// Another process has it, or the document is gone.
    public struct Lost: Error {}
}

/// Documents whose process died before all of their passages were there. Their bytes are in the blob store, so that
/// `run-jobs` can go on.
extension Store {
    /// How often a document is tried without any of its passages having been added since: it may be what its reader
    /// dies of.
    private static let maximumAttempts = 3

    /// Takes over a document whose process died. Nil when there is none, or when another process is at work on one:
    /// while one document is being read, the other processes have webhooks to send.
    ///
    /// Those that were tried too often are failed.
    ///
    /// - Parameter seconds: how long reading it may take before its first passage is added; 300 at most.
    public func takeAbandoned(for seconds: Int, at now: Timestamp) throws -> DocumentLease? {
        // Looks before it locks: mostly there is nothing to do.
        let isLeased = DocumentStore.isLeased(now)
        let abandoned: SQL = """
            SELECT document_id, workspace_id FROM unlisted_documents WHERE expires_at IS NOT NULL AND NOT (\(isLeased))
                AND NOT EXISTS (
                    SELECT 1 FROM document_attempts a JOIN unlisted_documents USING (document_id) WHERE \(isLeased))
            ORDER BY expires_at LIMIT 1
            """
        func next() throws -> (id: Document.ID, workspace: Workspace.ID)? {
            try database.first(abandoned) { (id: $0.next(), workspace: $0.next()) }
        }
        while try next() != nil {
            let lease: DocumentLease? = try write {
                guard let (id, workspace) = try next() else { return nil }
                guard let document = try documents.find(id, in: workspace), document.status == .processing else {
                    try documents.unlist(id, in: workspace)
                    return nil
                }
                guard try noteAttempt(at: id) else {
                    try failAbandoned(document, at: now)
                    return nil
                }
                let end = now + min(seconds, DocumentStore.longestLease)
                let lease = DocumentLease(document: document, until: end)
                try database.run("UPDATE unlisted_documents SET expires_at = \(lease.until) WHERE document_id = \(id)")
                return lease
            }
            if let lease { return lease }
        }
        return nil
    }

    /// Counts an attempt to finish a document. False when there were too many.
    private func noteAttempt(at document: Document.ID) throws -> Bool {
        let passages = try documents.passageCount(of: document)
        let known: (attempts: Int, passages: Int)? = try database.first(
            "SELECT attempts, passages FROM document_attempts WHERE document_id = \(document)"
        ) { (attempts: $0.next(), passages: $0.next()) }
        let attempts = known.map { passages > $0.passages ? 1 : $0.attempts + 1 } ?? 1
        guard attempts <= Self.maximumAttempts else { return false }
        try database.run(
            """
            INSERT INTO document_attempts (document_id, attempts, passages) VALUES (\(document), \(attempts), \(passages))
            ON CONFLICT (document_id) DO UPDATE SET attempts = excluded.attempts, passages = excluded.passages
            """)
        return true
    }

    /// Lets another process go on at a time; the attempt does not count.
    public func giveBack(_ lease: DocumentLease, at time: Timestamp) throws {
        try write {
            try documents.renew(lease)
            try database.run(
                """
                UPDATE document_attempts SET attempts = attempts - 1 WHERE document_id = \(lease.document.id)
                """)
            try database.run(
                "UPDATE unlisted_documents SET expires_at = \(time) WHERE document_id = \(lease.document.id)")
        }
    }

    private func failAbandoned(_ document: Document, at now: Timestamp) throws {
        let reason = "Reading the document was interrupted \(Self.maximumAttempts) times; upload the file again"
        try fail(document, because: reason, code: .serviceUnavailable, at: now)
    }

    /// Says that a document cannot be read after all.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func fail(_ lease: DocumentLease, because reason: String, code: APIError.Code, at now: Timestamp) throws {
        try write {
            try documents.renew(lease)
            try fail(lease.document, because: reason, code: code, at: now)
        }
    }

    private func fail(_ document: Document, because reason: String, code: APIError.Code, at now: Timestamp) throws {
        try documents.fail(document, because: reason, at: now)
        let failure: JSON = [
            "documentId": .string(document.id.text), "name": .string(document.name), "code": .string(code.rawValue),
            "reason": .string(reason),
        ]
        try events.record(.documentFailed, in: document.workspaceId, at: now, failure)
    }
}

extension DocumentStore {
    /// How many passages a document has, also while it is being added.
    func passageCount(of document: Document.ID) throws -> Int {
        try database.value("SELECT count(*) FROM passages WHERE document_id = \(document)") ?? 0
    }

    /// The last passage that a process added before it died, and how many there are with it.
    public func lastPassage(under lease: DocumentLease) throws -> (content: String, count: Int)? {
        try database.first(
            """
            SELECT content, position + 1 FROM passages WHERE document_id = \(lease.document.id)
            ORDER BY position DESC LIMIT 1
            """
        ) { (content: $0.next(), count: $0.next()) }
    }

    /// Removes passages that a process added before it died, a batch of them. False when there are none.
    public func removeBatch(under lease: DocumentLease) throws -> Bool {
        try database.write {
            try renew(lease)
            return try passages.remove(atMost: Self.batchSize, bytes: Self.batchBytes, of: lease.document.id) > 0
        }
    }
}
