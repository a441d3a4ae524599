import Endpoint
import Models
import Wire

/// Reports whether the installation works. Needs no authentication, so load balancers can call it.
@main struct Health: Function {
    static let route = Route.get("/health", tag: "System", summary: "Check the installation").rateLimited(as: .none)
    static let access = Access.anyone
    /// Load balancers wait for seconds, and the connection is one that requests need, where a pooler has few.
    static let serverTimeoutMilliseconds: Int? = 1000

    static func handle(_ input: NoInput, by _: Void, in call: Call) throws -> HealthReport {
        let data = DataCheck(call)
        // Servers of models are asked only if it matters what they say.
        guard data.isOK else {
            throw APIError(
                .serviceUnavailable, "The installation does not work at the moment", details: .object(data.checks),
                cause: data.cause)
        }
        return HealthReport(
            data: data, model: ModelCheck.language(call.configuration.model, at: call.now),
            embedding: EmbeddingCheck(call.configuration.embedding, at: call.now),
            reranker: ModelCheck.reranker(call.configuration.reranker, at: call.now), backup: BackupAge(call))
    }
}

/// Checks the database and the disk, without which nothing works.
struct DataCheck {
    private let database: DatabaseCheck
    private let storage: StorageCheck
    /// Whether the disk is so full that uploads are refused.
    let isLow: Bool

    init(_ call: Call) {
        database = DatabaseCheck(call)
        storage = StorageCheck.latest(of: call.configuration, at: call.now)
        isLow = storage.space.map { $0.free < call.configuration.minimumFree ?? $0.defaultReserve } ?? false
    }

    var isOK: Bool { database.check.isOK && storage.check.isOK }
    var cause: String { [database.check.cause, storage.check.cause].compactMap { $0 }.joined(separator: "; ") }

    var checks: JSONObject { ["database": database.json, "storage": storage.json(isLow: isLow)] }
}

/// The result of one check.
struct Check {
    /// For the log.
    let cause: String?
    /// For callers: a sentence without paths.
    let reason: String?

    init(_ attempt: () throws -> Void) {
        do {
            try attempt()
            (cause, reason) = (nil, nil)
        } catch {
            let error = error as? APIError ?? .internalError(cause: "\(error)")
            (cause, reason) = (error.cause ?? error.message, error.message)
        }
    }

    var isOK: Bool { cause == nil }

    /// - Parameter figure: a measurement, if the check made one.
    func json(_ status: String = "ok", _ figure: (name: String, value: JSON)? = nil) -> JSON {
        var object: JSONObject = ["status": .string(isOK ? status : "failed")]
        if let reason { object["reason"] = .string(reason) }
        if let figure { object[figure.name] = figure.value }
        return .object(object)
    }
}

struct HealthReport: DataReply {
    let data: DataCheck
    let model: ModelCheck
    let embedding: EmbeddingCheck
    /// Nil without one.
    let reranker: ModelCheck?
    let backup: BackupAge?

    private var checks: JSON {
        var checks = data.checks
        checks["llm"] = model.json
        checks["embedding"] = embedding.json
        if let reranker { checks["reranker"] = reranker.json }
        if let backup { checks["backup"] = backup.json }
        return .object(checks)
    }

    static var schema: JSON {
        [
            "title": "Health", "type": "object", "required": ["status", "version", "checks"],
            "properties": [
                "status": ["type": "string", "enum": ["ok", "degraded"]], "version": ["type": "string"],
                "checks": [
                    "type": "object",
                    "description":
                        "The checks: database, storage, llm, embedding, reranker if there is one, and backup if scheduled.",
                    "properties": ["database": DatabaseCheck.schema],
                ],
            ],
        ]
    }

    private var isDegraded: Bool {
        !model.isOK || !embedding.isOK || reranker?.isOK == false || data.isLow || backup?.isOverdue == true
    }

    func write(to writer: inout JSONWriter) {
        writer.object { report in
            report.key("status")
            report.value(isDegraded ? "degraded" : "ok")
            report.key("version")
            report.value(productVersion)
            report.key("checks")
            report.value(checks)
        }
    }
}
