import Glibc
import Wire

/// Looks at the functions: whether each says what it is, and what `health` says of the rest.
struct FunctionCheck {
    private static let area = "functions"

    let options: Options
    let server: Server

    func findings() -> [Finding] {
        guard server.learnFunctions() != nil else {
            return [
                .failure(
                    Self.area, "There is no folder \(options.functionsFolder)",
                    cure: "Build the functions (make build), or name their folder with --functions or FUNCTIONS_DIR.")
            ]
        }
        defer { server.stop() }
        var findings = faults
        findings += server.routeConflicts.map { conflict in
            Finding.failure(
                Self.area, "\(conflict.route) is served twice; \(conflict.ignored) gets nothing",
                cure: "Take one of the two out of the folder.")
        }
        let pools = server.pools.all
        if pools.isEmpty {
            if !findings.isEmpty { return findings }
            return [
                .failure(
                    Self.area, "\(options.functionsFolder) holds no function",
                    cure: "Build them (make build), or name another folder with --functions.")
            ]
        }
        if findings.isEmpty {
            findings.append(.ok(Self.area, "\(pools.count) functions in \(options.functionsFolder)"))
        }
        let backups = BackupCheck.findings(pools.first { $0.name == BackupCommand.function }, on: server)
        return findings + health(pools.first { $0.name == "health" }) + backups
    }

    /// Functions that cannot be asked what they are. A variable that all of them complain of is told once.
    private var faults: [Finding] {
        var findings: [Finding] = []
        var complaints: [String] = []
        for fault in server.faults {
            guard let complaint = Self.complaint(in: fault.reason) else {
                findings.append(
                    .failure(
                        Self.area, "\(fault.executable): \(fault.reason)",
                        cure: "Build it again (make build), or take it out of the folder."))
                continue
            }
            if complaints.contains(complaint) { continue }
            complaints.append(complaint)
            findings.append(Self.misconfiguration(complaint))
        }
        return findings
    }

    /// What a function that does not start says of its variables: it ends with 78 (EX_CONFIG of sysexits.h).
    private static func complaint(in reason: String) -> String? {
        let parts = reason.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, parts[0].hasSuffix("exit code 78"), parts[1].hasSuffix("cannot start") else {
            return nil
        }
        return parts[2].trimmed
    }

    private static func misconfiguration(_ reason: String) -> Finding {
        .failure(
            "configuration", "The functions do not start: \(reason)",
            cure: "Mend the variable, in the environment or in .env; the README lists them all.")
    }

    // MARK: What `health` says

    private func health(_ pool: FunctionPool?) -> [Finding] {
        guard let pool else {
            return [
                .warning(
                    Self.area, "There is no function health, so the database was not looked at",
                    cure: "Build it: make build")
            ]
        }
        let id = server.requestIDs.next()
        let envelope = ByteBuffer("{\"requestContext\":{\"requestId\":\"\(id)\"}}\n")
        guard let outcome = FunctionCaller.call(pool, envelope, requestID: id, on: server) else { return [] }
        // What a process said before its end is read when it is taken.
        server.stop()
        let causes = (outcome.capture?.errorLines ?? []).compactMap { try? JSONReader.parse($0) }
        guard let answer = outcome.lines.first.flatMap({ try? JSONReader.parse($0) }),
            let body = answer["body"]?.string.flatMap(SecretMask.document)
        else { return [configuration(causes, outcome)] }
        let checks = body["data"]?["checks"] ?? body["error"]?["details"] ?? .null
        let cause = causes.compactMap { $0["cause"]?.string }.first
        return [
            Finding.ok("configuration", "The functions understand their variables"), database(checks, cause),
            storage(checks, cause), model(checks, cause),
        ]
    }

    /// A function that does not start says which variable it does not understand.
    private func configuration(_ causes: [JSON], _ outcome: FunctionCaller.Outcome) -> Finding {
        let said = causes.compactMap { $0["message"]?.string }.last ?? outcome.refusal?.message ?? "it says nothing"
        let reason = said.split(separator: ":", maxSplits: 1).last.map(String.init)?.trimmed ?? said
        return Self.misconfiguration(reason)
    }

    private func database(_ checks: JSON, _ cause: String?) -> Finding {
        guard checks["database"]?["status"]?.string == "ok" else {
            return .failure(
                "data", "The database cannot be used\(cause.map { ": \($0)" } ?? "")",
                cure:
                    "Look at \(options.dataFolder)/nexlayer.db: put back a copy of it, or use the version of the functions that wrote it."
            )
        }
        return .ok(
            "data", "The database answers in \(JSON.double(checks["database"]?["latencyMs"]?.double ?? 0).text) ms")
    }

    private func storage(_ checks: JSON, _ cause: String?) -> Finding {
        guard checks["storage"]?["status"]?.string == "ok" else {
            return .failure(
                "data", "Uploaded files cannot be stored\(cause.map { ": \($0)" } ?? "")",
                cure: "Let this user write to \(options.dataFolder).")
        }
        return .ok("data", "Uploaded files can be stored")
    }

    private func model(_ checks: JSON, _ cause: String?) -> Finding {
        let provider = checks["llm"]?["provider"]?.string ?? "unknown"
        guard checks["llm"]?["status"]?.string == "ok" else {
            let url = options.environment["LLM_BASE_URL"] ?? ""
            return .warning(
                "model", "The model provider does not answer\(cause.map { ": \($0)" } ?? "")",
                cure:
                    "See that LLM_BASE_URL (\(url)) is right and its server runs: curl \(url)/models. Chats get a 503 until then."
            )
        }
        return .ok(
            "model",
            provider == "built-in"
                ? "The built-in answerer; LLM_BASE_URL names a model" : "The model provider (\(provider)) answers")
    }
}
