import Language
import Models
import Wire

/// Indexes a document again: one that an earlier version of the program indexed, or one that was renamed, because its
/// name is indexed with each passage.
struct Reindexing {
    static let leaseSeconds = 300
    /// How long a document that is still being added waits, in seconds.
    static let patience = 60

    let database: Database
    private var index: IndexStore { IndexStore(database: database) }
    private var jobs: JobStore { JobStore(database: database) }

    struct Subject: Record, Equatable {
        let status: Document.Status
        private(set) var name: String
        let language: String?
        let indexFrom: Int?

        static let columns = SQL(columnsOf: Self.self)

        init(from row: inout Row) {
            (status, name) = (row["status"], row["name"])
            (language, indexFrom) = (row["language"], row["index_from"])
        }

        func renamed(to name: String) -> Subject {
            var renamed = self
            renamed.name = name
            return renamed
        }
    }

    private func subject(_ document: Document.ID) throws -> Subject? {
        try database.first(from: "documents WHERE id = \(document)")
    }

    /// Indexes the next document. Returns false if none is waiting.
    func work(at now: Timestamp) throws -> Bool {
        guard try jobs.isDue(.index, at: now), let job = try jobs.claimNext(.index, for: Self.leaseSeconds, at: now)
        else { return false }
        let (document, workspace) = (Document.ID(stored: job.subject), Workspace.ID(stored: job.queue))
        let (subject, prepared) = try database.snapshot { try prepare(document) }
        try database.maintain {
            guard let subject, let current = try self.subject(document), subject.status != .failed else {
                // It was removed, or this is the job that every installation has once.
                if try jobs.finish(job) { try OldIndex(database: database).dropIfUnused() }
                return
            }
            // The document changed while it was read.
            guard subject == current, let prepared else {
                try jobs.release(job, at: subject == current ? now + Self.patience : now)
                return
            }
            guard try jobs.finish(job) else { return }
            try replace(document, by: prepared, in: workspace)
            try OldIndex(database: database).dropIfUnused()
        }
        return true
    }

    /// Puts new segments in place of what the index has of a document.
    private func replace(
        _ document: Document.ID, by prepared: PreparedPassages, in workspace: Workspace.ID
    ) throws {
        try index.remove(document, from: workspace)
        // A number even without passages: the old index goes when no document lacks one.
        let first = try index.nextNumber(in: workspace)
        for segment in prepared.segments { try index.add(segment, to: workspace) }
        let language = prepared.analysis.language?.rawValue
        try database.run(
            "UPDATE documents SET index_from = \(first), language = \(language) WHERE id = \(document)")
    }

    // MARK: Renaming

    /// Documents with more passages are indexed by a job after they were renamed.
    private static let mostPassages = 5000

    /// Analyses a document under a new name, before the write that renames it. Nil if a job should do it.
    func prepareRename(of document: Document.ID, to name: String) throws -> PreparedRename? {
        try database.snapshot {
            let count: Int? = try database.value("SELECT chunk_count FROM documents WHERE id = \(document)")
            guard let count, count <= Self.mostPassages, let subject = try subject(document), subject.name != name,
                let prepared = try prepare(document, as: name).1
            else { return nil }
            return PreparedRename(from: subject, passages: prepared)
        }
    }

    /// Indexes a document that the current write has renamed, or has a job do it if the document has changed since it
    /// was analysed.
    func rename(_ document: Document, _ prepared: PreparedRename?) throws {
        if let prepared, prepared.passages.analysis.name == document.name,
            try subject(document.id) == prepared.from.renamed(to: document.name)
        {
            try replace(document.id, by: prepared.passages, in: document.workspaceId)
        } else {
            try jobs.enqueueOnce(.index, document.id.text, in: document.workspaceId.text)
        }
    }

    /// The document, and its passages if it is complete.
    ///
    /// - Parameter name: the name to index it under, if that is not its own.
    private func prepare(
        _ document: Document.ID, as name: String? = nil
    ) throws -> (Subject?, PreparedPassages?) {
        let subject = try subject(document)
        guard let subject, subject.status == .processed else { return (subject, nil) }
        let passages: [Passage] = try database.all(
            from: "passages p WHERE p.document_id = \(document) ORDER BY p.position")
        let (name, texts) = (name ?? subject.name, passages.map(\.content))
        let language = subject.language.flatMap(TextLanguage.init(rawValue:))
        // An earlier version of the program did not record the language.
        let isUnknown = language == nil && subject.indexFrom == nil
        let analysis =
            isUnknown
            ? DocumentAnalysis(name: name, detectingIn: texts)
            : DocumentAnalysis(name: name, language: language, texts: texts)
        return (subject, try analysis.prepare(passages))
    }
}

/// A document analysed under a new name.
public struct PreparedRename {
    /// The document at the time of the analysis.
    let from: Reindexing.Subject
    let passages: PreparedPassages
}
