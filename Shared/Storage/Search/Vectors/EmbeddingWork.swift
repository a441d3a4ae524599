import Models
import Platform
import Wire

/// What makes vectors of passages.
public struct PassageEmbedder {
    public let model: EmbeddingModel
    let embed: ([String]) throws -> [[Float]]

    /// - Parameter embed: makes a vector of length 1 of each text. It throws `.serviceUnavailable` or `.modelUnavailable`
    ///   if it would work later; any other error counts against the passages, if the model embeds another text.
    public init(_ model: EmbeddingModel, embed: @escaping ([String]) throws -> [[Float]]) {
        (self.model, self.embed) = (model, embed)
    }

    /// Whether it embeds anything: a provider may refuse all that comes with this key, or to this account.
    var isWorking: Bool { (try? vectors(of: [VectorCentre.sample])) != nil }

    /// The vectors of texts.
    ///
    /// - Throws: also if they are no vectors of the model.
    func vectors(of texts: [String]) throws -> [[Float]] {
        let vectors = try embed(texts)
        let areVectors =
            vectors.count == texts.count
            && vectors.allSatisfy { $0.count == model.dimensions && $0.allSatisfy(\.isFinite) }
        guard areVectors else { throw APIError.internalError(cause: "\(model.name) made something else than vectors") }
        return vectors.map { vector in
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return length > 0 ? vector.map { $0 / length } : vector
        }
    }
}

/// Makes the vectors of passages, some at a time, in the workspaces in turn.
///
/// A batch is read in a snapshot, embedded outside any transaction, and written together with the progress of its
/// documents. So a process that dies loses at most a batch that nobody has seen, and no passage gets its vectors twice.
struct EmbeddingWork {
    /// The most passages of a batch, and how long it should take at most, in seconds: workspaces do not wait long for
    /// their turn, nor does whoever wants to end this process.
    static let batchSize = 32
    /// The most texts of a batch, unless a single passage has more parts.
    private static let batchTexts = 64
    private static let batchSeconds = 3.0
    static let leaseSeconds = 180
    /// How long to wait for a model that is not available, or refuses everything, in seconds.
    static let patience = 30
    /// How often a document is tried whose passages the model refuses, or kill the process.
    private static let maximumAttempts = 3

    let database: Database
    /// Nil if no model is configured, so that only what was removed is left to do, or if it cannot be reached.
    let embedder: PassageEmbedder?

    private var jobs: JobStore { JobStore(database: database) }
    private var state: EmbeddingState { EmbeddingState(database: database) }
    private var sets: VectorSets { VectorSets(database: database) }
    private var rows: VectorRows { VectorRows(database: database) }

    /// Does a piece of the work in one workspace. Returns false if no workspace has any.
    func work(at now: Timestamp) throws -> Bool {
        // Without the model that is recorded, jobs wait.
        guard try jobs.isDue(.embedding, at: now), try state.records(embedder?.model) else { return false }
        let start = Moment.now
        let claimed: Job? = try database.maintain {
            guard let job = try jobs.claimNext(.embedding, for: Self.leaseSeconds, at: now) else { return nil }
            // Counted before the work, because the work may kill this process.
            try jobs.setAttempts(of: job, to: job.attempts + 1)
            return job
        }
        guard let job = claimed else { return false }
        do {
            try work(on: Workspace.ID(stored: job.queue), job, since: start, at: now)
        } catch is Job.LeaseLost {
            // Another process goes on.
        } catch let error as APIError {
            // The database failed, for which no document is to blame.
            try? wait(job, because: error, at: now)
            throw error
        }
        return true
    }

    private func work(on workspace: Workspace.ID, _ job: Job, since start: Moment, at now: Timestamp) throws {
        switch try database.snapshot({ try plan(for: workspace, job) }) {
        case .removeGarbage:
            try database.maintain {
                let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
                _ = try rows.removeGarbage(of: workspace)
                try jobs.repeatJob(held, at: now, now: now)
            }
        case .finish: try finish(job, in: workspace, at: now)
        case .makeSet(let centre): try makeSet(centre, in: workspace, job, at: now)
        case .embed(let batch): try embed(batch, job, since: start, at: now)
        case .fail(let batch):
            try fail(batch, because: "its passages were tried too often", job, at: now)
        }
    }

    // MARK: Deciding

    private enum Plan {
        case removeGarbage
        case finish
        /// With a known centre, if there is one.
        case makeSet([Float]?)
        case embed(EmbeddingBatch)
        case fail(EmbeddingBatch)
    }

    private func plan(for workspace: Workspace.ID, _ job: Job) throws -> Plan {
        if try rows.hasGarbage(of: workspace) { return .removeGarbage }
        guard let embedder, try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)") else {
            return .finish
        }
        guard let set = try sets.target(embedder.model, in: workspace) else {
            let isNeeded = try database.exists(
                "SELECT 1 FROM documents WHERE workspace_id = \(workspace) AND status = 'processed' LIMIT 1")
            return isNeeded ? .makeSet(try sets.knownCentre(of: embedder.model)) : .finish
        }
        let usual = try state.rate().map { Int(max(1, min(Double(Self.batchSize), $0 * Self.batchSeconds))) }
        // After a failure one passage at a time, so that one does not keep others from getting vectors.
        let limit = job.attempts > 0 ? 1 : usual ?? Self.batchSize
        let batch = try EmbeddingBatch(of: limit, texts: Self.batchTexts, for: set, database)
        if batch.stretches.isEmpty { return .finish }
        return job.attempts < Self.maximumAttempts ? .embed(batch) : .fail(batch)
    }

    // MARK: Steps

    private func makeSet(_ known: [Float]?, in workspace: Workspace.ID, _ job: Job, at now: Timestamp) throws {
        guard let embedder else { return }
        do {
            let centre = try known ?? VectorCentre.make(by: embedder)
            try database.maintain {
                let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
                if try database.exists("SELECT 1 FROM workspaces WHERE id = \(workspace)") {
                    _ = try sets.make(embedder.model, centre: centre, in: workspace)
                }
                try jobs.repeatJob(held, at: now, now: now)
            }
        } catch let error as APIError {
            try wait(job, because: error, at: now)
        }
    }

    private func embed(_ batch: EmbeddingBatch, _ job: Job, since start: Moment, at now: Timestamp) throws {
        guard let embedder else { return }
        let vectors: [[Float]]
        do { vectors = try embedder.vectors(of: batch.texts) } catch let error as APIError {
            if Self.isTransient(error) || !embedder.isWorking {
                try wait(job, because: error, at: now)
            } else if batch.count == 1, job.attempts + 1 >= Self.maximumAttempts {
                try fail(batch, because: error.message, job, at: now)
            } else {
                try database.maintain {
                    let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
                    // The attempt is counted already.
                    try jobs.setAttempts(of: held, to: job.attempts)
                    try jobs.retry(held, at: now + 1, because: error.cause ?? error.message, now: now)
                }
            }
            return
        }
        let codes = vectors.map { VectorCode($0, batch.set.centre) }
        try database.maintain {
            let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
            let added = try batch.store(codes, in: rows)
            try state.subtract(added, in: batch.set.workspace)
            if batch.count > 0 { try state.note(batch.count, in: Double(Moment.now.since(start)) / 1000) }
            try jobs.repeatJob(held, at: now, now: now)
        }
    }

    /// Whether the model would work later.
    private static func isTransient(_ error: APIError) -> Bool {
        [.serviceUnavailable, .modelUnavailable, .rateLimitExceeded].contains(error.code)
    }

    /// Tries again later, without counting this attempt.
    private func wait(_ job: Job, because error: APIError, at now: Timestamp) throws {
        try database.maintain {
            let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
            try jobs.setAttempts(of: held, to: job.attempts - 1)
            try jobs.retry(held, at: now + Self.patience, because: error.cause ?? error.message, now: now)
        }
    }

    /// Gives up on the document that a batch begins with. Another model, or a repair of the index, tries it again.
    private func fail(_ batch: EmbeddingBatch, because reason: String, _ job: Job, at now: Timestamp) throws {
        try database.maintain {
            let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
            try state.subtract(try batch.fail(because: reason), in: batch.set.workspace)
            try jobs.repeatJob(held, at: now, now: now)
        }
    }

    /// Ends the job, if nothing has come meanwhile, and lets searches use a set that has become complete.
    private func finish(_ job: Job, in workspace: Workspace.ID, at now: Timestamp) throws {
        try database.maintain {
            let held = try jobs.renewLease(of: job, for: Self.leaseSeconds, at: now)
            // Another model was recorded meanwhile, whose work is that of this job, too.
            guard try state.records(embedder?.model) else { return try jobs.repeatJob(held, at: now, now: now) }
            if let embedder, let set = try sets.target(embedder.model, in: workspace) {
                if try !EmbeddingBatch(of: 1, for: set, database).stretches.isEmpty {
                    return try jobs.repeatJob(held, at: now, now: now)
                }
                try sets.complete(set)
            }
            if try rows.hasGarbage(of: workspace) { return try jobs.repeatJob(held, at: now, now: now) }
            try jobs.finish(held)
        }
    }
}

extension Store {
    public static let embeddingTimes = JobStore.Times(lease: EmbeddingWork.leaseSeconds, wait: EmbeddingWork.patience)

    /// Does a piece of the making of vectors, taking the workspaces in turn. Returns false if there is nothing to do.
    ///
    /// - Parameter embedder: that of the configured model (`EmbeddingState.configure`); nil if there is none, or if it
    ///   cannot be reached.
    public func embedNext(with embedder: PassageEmbedder?, at now: Timestamp) throws -> Bool {
        try EmbeddingWork(database: database, embedder: embedder).work(at: now)
    }
}
