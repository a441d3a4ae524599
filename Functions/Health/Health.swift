import Chat
import Endpoint
import FunctionRuntime
import Models
import Storage
import Wire

/// Tells whether the installation works. Without authentication, so that load balancers can ask.
@main struct Health: Function {
    static let route = Route.get("/health", tag: "System", summary: "Check the installation").limited(as: .none)
    static let access = Access.anyone

    static func handle(_ input: NoInput, by _: Void, in context: Context) throws -> HealthReport {
        let start = Stopwatch()
        let database = Check(of: { try context.store.check() }, latency: start)
        let storage = Check(of: { try BlobStore.check(in: context.configuration.dataDirectory) }, latency: nil)
        let report = HealthReport(
            database: database, storage: storage,
            model: ModelCheck.current(context.configuration.model, at: context.now), backup: BackupAge(context))
        guard database.isOK, storage.isOK else {
            throw APIError(
                .serviceUnavailable, "The installation does not work at the moment", details: report.checks,
                cause: [database.cause, storage.cause].compactMap { $0 }.joined(separator: "; "))
        }
        return report
    }
}

/// One thing that was tried.
struct Check {
    let cause: String?
    let latency: Double?

    init(of attempt: () throws -> Void, latency: Stopwatch?) {
        do {
            try attempt()
            cause = nil
        } catch {
            cause = (error as? APIError)?.cause ?? "\(error)"
        }
        self.latency = latency?.milliseconds
    }

    var isOK: Bool { cause == nil }

    var json: JSON {
        var object: JSONObject = ["status": .string(isOK ? "ok" : "failed")]
        if let latency { object["latencyMs"] = .double(latency) }
        return .object(object)
    }
}

struct HealthReport: Resource {
    let database: Check
    let storage: Check
    let model: ModelCheck
    let backup: BackupAge?

    var checks: JSON {
        var checks: JSONObject = ["database": database.json, "storage": storage.json, "llm": model.json]
        if let backup { checks["backup"] = backup.json }
        return .object(checks)
    }

    static var isRepresentation: Bool { false }

    static var schema: JSON {
        [
            "title": "Health", "type": "object", "required": ["status", "version", "checks"],
            "properties": [
                "status": ["type": "string", "enum": ["ok", "degraded"]], "version": ["type": "string"],
                "checks": [
                    "type": "object",
                    "description":
                        "What was looked at: database, storage, llm, and backup where backups have a schedule.",
                ],
            ],
        ]
    }

    func write(to writer: inout JSONWriter) {
        writer.object { report in
            report.key("status")
            report.value(model.isOK && backup?.isOverdue != true ? "ok" : "degraded")
            report.key("version")
            report.value(productVersion)
            report.key("checks")
            report.value(checks)
        }
    }
}
