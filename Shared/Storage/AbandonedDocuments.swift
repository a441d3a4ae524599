import Models
import Wire

/// Documents whose process died before all passages were added. The blob store has their bytes, so `run-jobs` can
/// continue.
extension Store {
    /// The number of attempts at a document without any new passage. After that it fails, because the document may be
    /// what kills its readers.
    private static let maximumAttempts = 3

    /// Takes over a document whose process died. Returns nil if there is none, or if another process is already reading
    /// one: the others have webhooks to send.
    ///
    /// Marks documents with too many attempts as failed.
    ///
    /// - Parameter seconds: the time to read it before its first passage is added; at most 300.
    public func takeAbandoned(for seconds: Int, at now: Timestamp) throws -> DocumentLease? {
        let end = min(seconds, DocumentStore.longestLease)
        // Check before locking: usually there is nothing to do.
        while try jobs.isDue(.ingestion, at: now), try !isReadingAbandoned(at: now) {
            let lease: DocumentLease? = try write {
                guard try !isReadingAbandoned(at: now), let job = try jobs.claimNext(.ingestion, for: end, at: now)
                else { return nil }
                let (id, workspace) = (Document.ID(stored: job.subject), Workspace.ID(stored: job.queue))
                guard let document = try documents.find(id, in: workspace), document.status == .processing else {
                    try documents.purge(id, in: workspace)
                    return nil
                }
                guard try noteAttempt(at: id, job, now) else {
                    try failAbandoned(document, at: now)
                    return nil
                }
                return DocumentLease(document: document, job: job)
            }
            if let lease { return lease }
        }
        return nil
    }

    /// Whether any process is reading an abandoned document.
    private func isReadingAbandoned(at now: Timestamp) throws -> Bool {
        try database.exists(
            """
            SELECT 1 FROM jobs WHERE kind = \(Job.Kind.ingestion) AND attempts > 0
                AND \(JobStore.isLeased(atMost: DocumentStore.longestLease, at: now))
            LIMIT 1
            """)
    }

    /// Counts an attempt to finish a document. Returns false after too many.
    private func noteAttempt(at document: Document.ID, _ job: Job, _ now: Timestamp) throws -> Bool {
        let passages = try documents.passageCount(of: document)
        let hasProgressed = passages > job.progress ?? 0
        let attempts = hasProgressed ? 1 : job.attempts + 1
        guard attempts <= Self.maximumAttempts else { return false }
        try jobs.note(job, attempts: attempts, progress: passages, at: now)
        return true
    }

    /// Lets another process continue from `time` on. The attempt does not count.
    public func giveBack(_ lease: DocumentLease, at time: Timestamp, now: Timestamp) throws {
        try write {
            try jobs.note(lease.job, attempts: lease.job.attempts, progress: lease.job.progress, at: now)
            guard try jobs.release(lease.job, at: time) else { throw DocumentLease.Lost() }
        }
    }

    private func failAbandoned(_ document: Document, at now: Timestamp) throws {
        let reason = "Reading the document was interrupted \(Self.maximumAttempts) times; upload the file again"
        try fail(document, because: reason, code: .serviceUnavailable, at: now)
    }

    /// Marks a document as unreadable.
    ///
    /// - Throws: `DocumentLease.Lost`.
    public func fail(_ lease: DocumentLease, because reason: String, code: APIError.Code, at now: Timestamp) throws {
        try write {
            guard try jobs.finish(lease.job) else { throw DocumentLease.Lost() }
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
    /// The number of passages a document has, including one that is still being added.
    func passageCount(of document: Document.ID) throws -> Int {
        try database.value("SELECT count(*) FROM passages WHERE document_id = \(document)") ?? 0
    }

    /// The last passage added by the process that died, and the number of passages up to it.
    public func lastPassage(under lease: DocumentLease) throws -> (content: String, count: Int)? {
        let last = try database.first(
            from: "passages p WHERE p.document_id = \(lease.document.id) ORDER BY p.position DESC LIMIT 1",
            as: Passage.self)
        return last.map { (content: $0.content, count: $0.position.index + 1) }
    }
}
