import Models
import Wire

/// What the installation records about making vectors: by which model, how fast, and which workspaces wait.
public struct EmbeddingState {
    let database: Database
    private var settings: SettingStore { SettingStore(database: database) }

    /// The setting that names the model. Documents read it (`Document.Record`).
    private static let modelSetting = "embedding model"
    private static let rateSetting = "embedding rate"

    // MARK: Model

    /// The form that a setting has, in which SQL compares it.
    private static func text(of model: EmbeddingModel?) -> String {
        model.map { "\($0.dimensions) \($0.name)" } ?? ""
    }

    /// Whether a model is configured.
    public func isOn() throws -> Bool { try !(settings.value(Self.modelSetting) ?? "").isEmpty }

    /// Records which model makes vectors; nil for none. If it is another one than before, all workspaces with documents
    /// get a job. Call it before `Store.embedNext`: documents say what was recorded.
    public func configure(_ model: EmbeddingModel?) throws {
        let text = Self.text(of: model)
        guard try settings.value(Self.modelSetting) ?? "" != text else { return }
        try database.maintain {
            try settings.set(Self.modelSetting, to: text)
            guard model != nil else { return }
            try database.run(
                """
                INSERT INTO jobs (kind, subject, queue, due_at, progress)
                SELECT \(Job.Kind.embedding), workspace_id, workspace_id, \(JobStore.atOnce), sum(chunk_count)
                FROM documents WHERE status = 'processed' GROUP BY workspace_id
                ON CONFLICT (kind, subject) DO NOTHING
                """)
        }
    }

    /// The progress of a document that has no vectors yet.
    public func progress(ofNew document: Document) throws -> EmbeddingProgress {
        guard document.status != .failed, try isOn() else { return .off }
        return EmbeddingProgress(status: .pending, done: 0, total: document.chunkCount)
    }

    // MARK: Work

    /// Has a job make the vectors of new passages, if a model is configured. Call it in the write that adds them.
    func enqueue(_ passages: Int, in workspace: Workspace.ID) throws {
        try database.run(
            """
            INSERT INTO jobs (kind, subject, queue, due_at, progress)
            SELECT \(Job.Kind.embedding), \(workspace), \(workspace), \(JobStore.atOnce), \(passages)
            FROM settings WHERE name = \(Self.modelSetting) AND value <> ''
            ON CONFLICT (kind, subject) DO UPDATE SET progress = coalesce(jobs.progress, 0) + excluded.progress
            """)
    }

    /// Counts passages as no longer waiting.
    func subtract(_ passages: Int, in workspace: Workspace.ID) throws {
        try database.run(
            """
            UPDATE jobs SET progress = CASE WHEN progress > \(passages) THEN progress - \(passages) ELSE 0 END
            WHERE kind = \(Job.Kind.embedding) AND subject = \(workspace)
            """)
    }

    /// The same for a document that is about to be removed.
    func forget(_ document: Document.ID, in workspace: Workspace.ID) throws {
        let documents = DocumentStore(database: database, passages: PassageIndex(database: database))
        guard try database.exists("SELECT 1 FROM jobs WHERE kind = 'embedding' AND subject = \(workspace)"),
            let found = try documents.find(document, in: workspace), found.status == .processed,
            case let progress = found.embedding, progress.status == .pending
        else { return }
        try subtract(progress.total - progress.done, in: workspace)
    }

    // MARK: Rate

    /// The share of the last batch in the recorded rate.
    private static let weightOfLast = 0.2

    /// In passages a second; nil if none was measured.
    func rate() throws -> Double? {
        try settings.value(Self.rateSetting).flatMap { Int($0) }.flatMap { $0 > 0 ? Double($0) / 1000 : nil }
    }

    /// Records how long a batch took, in the write that stores it.
    func note(_ passages: Int, in seconds: Double) throws {
        let last = Double(passages) / max(seconds, 1e-6)
        let mean = try rate().map { $0 + Self.weightOfLast * (last - $0) } ?? last
        try settings.set(Self.rateSetting, to: "\(max(1, Int(min(mean, 1e9) * 1000)))")
    }
}

extension Store {
    public var embedding: EmbeddingState { EmbeddingState(database: database) }
}

extension DocumentStore {
    /// The most documents that an estimate adds up. Those behind them get none.
    private static let mostAdded = 20_000

    /// Adds to documents of a workspace whose vectors are pending how long these will take: at the measured rate, after
    /// the documents before them and what jobs do in turn for other workspaces meanwhile.
    func estimating(_ documents: [Document], in workspace: Workspace.ID) throws -> [Document] {
        var wanted = Set(documents.filter { $0.embedding.status == .pending && $0.status == .processed }.map(\.id))
        guard !wanted.isEmpty, let rate = try EmbeddingState(database: database).rate() else { return documents }
        let stored: StoredEmbedding? = try database.first(from: "documents WHERE workspace_id = \(workspace) LIMIT 1")
        let target = stored?.target ?? 0
        var (ahead, found): (Int, [Document.ID: Int]) = (0, [:])
        try database.each(
            """
            SELECT id, chunk_count - CASE WHEN embedding_set = \(target) THEN embedding_done ELSE 0 END FROM documents
            WHERE workspace_id = \(workspace) AND status = 'processed' AND embedded_in < \(target > 0 ? target : Int.max)
            ORDER BY embedded_in, id LIMIT \(Self.mostAdded)
            """
        ) { row in
            let id: Document.ID = row.next()
            ahead += row.next(Int.self)
            if wanted.remove(id) != nil { found[id] = ahead }
            return !wanted.isEmpty
        }
        let others: [Int] = try database.values(
            """
            SELECT coalesce(progress, 0) FROM jobs WHERE kind = 'embedding' AND subject <> \(workspace)
            LIMIT \(Self.mostAdded)
            """)
        return documents.map { document in
            guard let ahead = found[document.id] else { return document }
            let all = others.reduce(ahead) { $0 + min($1, ahead) }
            var document = document
            document.embedding.estimatedSeconds = Int((Double(all) / rate).rounded(.up))
            return document
        }
    }
}
