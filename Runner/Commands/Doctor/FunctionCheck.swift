import Gateway
import Glibc
import Wire

/// Checks that each function describes itself, and reports what `health` says about the rest.
struct FunctionCheck {
    private static let area = "functions"

    let options: Options
    let server: Server
    private var folder: String { options.gateway.functionsFolder }

    func findings() -> [Finding] {
        guard server.learnFunctions() != nil else {
            return [
                .failure(
                    Self.area, "There is no folder \(folder)",
                    cure: "Build the functions (make build), or give their folder with --functions or FUNCTIONS_DIR.")
            ]
        }
        defer { server.stop() }
        var findings = faults
        findings += server.routeConflicts.map { conflict in
            Finding.failure(
                Self.area, "Two functions serve \(conflict.route); \(conflict.ignored) is ignored",
                cure: "Remove one of the two from the folder.")
        }
        let functions = server.functions
        if functions.isEmpty {
            if !findings.isEmpty { return findings }
            return [
                .failure(
                    Self.area, "\(folder) has no functions",
                    cure: "Build them (make build), or give another folder with --functions.")
            ]
        }
        if findings.isEmpty {
            findings.append(.ok(Self.area, "\(functions.count) functions in \(folder)"))
        }
        let backups = BackupCheck.findings(server.function(named: BackupCommand.function), on: server)
        return findings + health(server.function(named: "health")) + backups
    }

    /// The functions that do not describe themselves. A variable that all of them reject is reported once.
    private var faults: [Finding] {
        var findings: [Finding] = []
        var problems: [String] = []
        for fault in server.faults {
            guard let problem = Self.problem(in: fault.reason) else {
                findings.append(
                    .failure(
                        Self.area, "\(fault.executable): \(fault.reason)",
                        cure: "Build it again (make build), or remove it from the folder."))
                continue
            }
            if problems.contains(problem) { continue }
            problems.append(problem)
            findings.append(Self.misconfiguration(problem))
        }
        return findings
    }

    /// The variable that a function rejects: such a function ends with 78 (EX_CONFIG of sysexits.h).
    private static func problem(in reason: String) -> String? {
        let parts = reason.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, parts[0].hasSuffix("exit code 78"), parts[1].hasSuffix("cannot start") else {
            return nil
        }
        return parts[2].trimmed
    }

    private static func misconfiguration(_ reason: String) -> Finding {
        .failure(
            "configuration", "The functions do not start: \(reason)",
            cure: "Fix the variable, in the environment or in .env; the README lists all variables.")
    }

    // MARK: The report of `health`

    private func health(_ pool: FunctionPool?) -> [Finding] {
        guard let pool else {
            return [
                .warning(
                    Self.area, "There is no function health, so the database was not checked",
                    cure: "Build it: make build")
            ]
        }
        let id = server.nextRequestID()
        let envelope = ByteBuffer("{\"requestContext\":{\"requestId\":\"\(id)\"}}\n")
        guard let outcome = server.call(pool, envelope, requestID: id) else { return [] }
        // The rest of stderr is read at the end of the process.
        server.stop()
        let causes = outcome.capture.errorLines.compactMap { try? JSONReader.parse($0) }
        guard let answer = outcome.lines.first.flatMap({ try? JSONReader.parse($0) }),
            let body = answer["body"]?.string.flatMap(Envelope.document)
        else { return [configuration(causes, outcome)] }
        let checks = body["data"]?["checks"] ?? body["error"]?["details"] ?? .null
        let others = causes.filter { !RemoteModelCheck.isCause($0) && !BuiltInModelCheck.isCause($0) }
        let cause = others.compactMap { $0["cause"]?.string }.first
        let models =
            RemoteModelCheck.all.map { $0.finding(checks, causes, options.environment) }
            + [BuiltInModelCheck.finding(checks, causes)]
        return [Finding.ok("configuration", "The functions accept their variables")]
            + DatabaseReport(checks["database"], options).findings(cause)
            + [storage(checks, cause)] + models.compactMap(\.self)
    }

    /// A function that does not start says which variable it rejects.
    private func configuration(_ causes: [JSON], _ outcome: CallOutcome) -> Finding {
        let message = causes.compactMap { $0["message"]?.string }.last ?? outcome.error?.message ?? "no reason given"
        let reason = message.split(separator: ":", maxSplits: 1).last.map(String.init)?.trimmed ?? message
        return Self.misconfiguration(reason)
    }

    private func storage(_ checks: JSON, _ cause: String?) -> Finding {
        let store = checks["storage"]?["store"]?.string ?? ""
        let place = ["database": " in the database", "s3": " in S3"][store] ?? ""
        guard checks["storage"]?["status"]?.string == "ok" else {
            return .failure(
                "data", "Uploaded files cannot be stored\(place)\(cause.map { ": \($0)" } ?? "")",
                cure: store == "s3"
                    ? "Check BLOBS and the variables with AWS credentials: they must allow storing, reading and deleting objects."
                    : "Make \(options.dataFolder) writable for this user.")
        }
        return .ok("data", "Uploaded files can be stored\(place)")
    }
}
