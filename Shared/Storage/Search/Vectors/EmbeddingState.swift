import Models
import Wire

/// What the installation records about making vectors: by which model, how fast, and which workspaces wait.
public struct EmbeddingState {
    let database: Database
    private var settings: SettingStore { SettingStore(database: database) }

    /// The setting that names the model. Documents read it (`Document.Record`).
    private static let modelSetting = "embedding model"
    /// In front of a model that was replaced: since when it is asked for again, in milliseconds; empty if it is not.
    private static let formerSetting = "former embedding model: "
    /// How long a model that was replaced waits until it comes back, in seconds.
    static let patience = 600
    private static let rateSetting = "embedding rate"

    // MARK: Model

    /// The form that a setting has, in which SQL compares it.
    private static func text(of model: EmbeddingModel?) -> String {
        model.map { "\($0.dimensions) \($0.name)" } ?? ""
    }

    /// Whether a model is configured.
    public func isOn() throws -> Bool { try !(settings.value(Self.modelSetting) ?? "").isEmpty }

    /// Whether this is the model that is recorded; nil for none.
    func records(_ model: EmbeddingModel?) throws -> Bool {
        try settings.value(Self.modelSetting) ?? "" == Self.text(of: model)
    }

    /// Records which model makes vectors; nil for none. If it is another one than before, all workspaces with documents
    /// get a job. Call it before `Store.embedNext`, which works with the recorded model only.
    ///
    /// Processes that are configured differently must not replace each other's model in turn: each time, everything would
    /// be embedded again. So a model that was replaced comes back only after it was asked for during ten minutes in which
    /// nobody asked for the recorded one. The configuration that came last wins.
    public func configure(_ model: EmbeddingModel?, at now: Timestamp = .now()) throws {
        let isAskedFor: SQL = "name LIKE \(Self.formerSetting + "%") AND value <> ''"
        if try records(model), try !database.exists("SELECT 1 FROM settings WHERE \(isAskedFor)") { return }
        try database.maintain {
            let (text, recorded) = (Self.text(of: model), try settings.value(Self.modelSetting) ?? "")
            if text != recorded {
                guard try replaces(recorded, by: text, at: now) else { return }
                try settings.set(Self.modelSetting, to: text)
            }
            try database.run("UPDATE settings SET value = '' WHERE \(isAskedFor)")
            guard text != recorded, model != nil else { return }
            try database.run(
                """
                INSERT INTO jobs (kind, subject, queue, due_at, progress)
                SELECT \(Job.Kind.embedding), workspace_id, workspace_id, \(JobStore.atOnce), sum(chunk_count)
                FROM documents WHERE status = 'processed' GROUP BY workspace_id
                ON CONFLICT (kind, subject) DO NOTHING
                """)
        }
    }

    /// Whether a model takes the place of another one now. If not, notes that it was asked for.
    private func replaces(_ recorded: String, by text: String, at now: Timestamp) throws -> Bool {
        guard !recorded.isEmpty, !text.isEmpty else { return true }
        if let asked = try settings.value(Self.formerSetting + text) {
            guard let since = Int64(asked).map({ Timestamp(milliseconds: $0) }), since <= now else {
                try settings.set(Self.formerSetting + text, to: "\(now.milliseconds)")
                return false
            }
            guard since + Self.patience <= now else { return false }
        }
        try settings.set(Self.formerSetting + recorded, to: "")
        return true
    }

    /// The progress of a document that has no vectors yet.
    public func progress(ofNew document: Document) throws -> EmbeddingProgress {
        guard document.status != .failed, try isOn() else { return .off }
        return EmbeddingProgress(status: .pending, done: 0, total: document.chunkCount)
    }

    // MARK: Work

    /// Has a job make the vectors of new passages, if a model is configured. Call it in the write that adds them.
    func enqueue(_ passages: Int, in workspace: Workspace.ID) throws {
        try database.send(
            """
            INSERT INTO jobs (kind, subject, queue, due_at, progress)
            SELECT \(Job.Kind.embedding), \(workspace), \(workspace), \(JobStore.atOnce), \(passages)
            FROM settings WHERE name = \(Self.modelSetting) AND value <> ''
            ON CONFLICT (kind, subject) DO UPDATE SET progress = coalesce(jobs.progress, 0) + excluded.progress
            """)
    }

    /// Counts passages as no longer waiting.
    func subtract(_ passages: Int, in workspace: Workspace.ID) throws {
        try database.send(
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
            ahead &+= row.next(Int.self)
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
            let all = others.reduce(ahead) { $0 &+ min($1, ahead) }
            var document = document
            document.embedding.estimatedSeconds = Int(min(1e15, Double(all) / rate).rounded(.up))
            return document
        }
    }
}
