import Gateway
import Glibc
import Wire

/// `runner backup` and `runner restore`. The function `backup` does both; the runner knows nothing about databases.
package enum BackupCommand {
    /// The function that is called.
    static let function = "backup"
    /// Seconds that a checkpoint may take.
    private static let checkpointPatience = 5.0

    package static func backUp(_ options: Options) -> Int32 {
        let given = options.backup
        let path = options.operands.first.map { Options.absolute($0) }
        guard options.operands.count <= 1 else { return misuse("backup takes one folder or file", .backup) }
        guard !given.verifies || !given.isIncremental else {
            return misuse("--verify does not make a backup, so it excludes --incremental", .backup)
        }
        if given.verifies {
            guard let path else { return misuse("backup --verify needs the folder or file of a backup", .backup) }
            return call(["action": "verify", "path": .string(path)], options) {
                "\($0.path) is complete: \($0.contents)"
            }
        }
        guard path != nil || !(options.environment["BACKUP_DIR"] ?? "").isEmpty else {
            return misuse(
                "backup needs a folder, or a file that ends in .tar, unless BACKUP_DIR names a folder", .backup)
        }
        var request: JSONObject = ["action": "create", "incremental": .bool(given.isIncremental)]
        if let path { request["path"] = .string(path) }
        return call(request, options) {
            "Backed up to \($0.path): \($0.contents), \($0.size("copiedBytes")) of it copied"
        }
    }

    package static func restore(_ options: Options) -> Int32 {
        guard let operand = options.operands.first, options.operands.count == 1 else {
            return misuse("restore needs one folder or file from runner backup", .restore)
        }
        let request: JSONObject = [
            "action": "restore", "path": .string(Options.absolute(operand)), "replace": .bool(options.backup.replaces),
        ]
        return call(request, options) { report in
            let aside = report.json["putAside"]?.string.map { "\nThe previous data is now in \($0)" } ?? ""
            return "Restored to \(options.dataFolder): \(report.contents)\(aside)"
        }
    }

    private static func misuse(_ reason: String, _ command: Manual.Command) -> Int32 {
        Terminal.fail(
            "\(reason); see runner help \(command.rawValue)", code: OptionError.Source.commandLine.rawValue)
    }

    // MARK: Checkpoint

    /// Lets the function `backup`, if the folder has it, move the database's write-ahead log into the database file
    /// after the gateway has stopped, so that a copy of the data folder needs only that file.
    package static func checkpoint(_ server: Server) {
        guard !server.isAborted, let function = server.function(named: function) else { return }
        let deadline = Clock.now + Clock.seconds(checkpointPatience)
        let id = server.nextRequestID()
        _ = server.call(
            function, envelope(["action": "checkpoint"], requestID: id), requestID: id,
            while: { !server.isAborted && Clock.now < deadline })
        server.stop()
    }

    // MARK: The call

    private static func call(_ request: JSONObject, _ options: Options, _ text: (Report) -> String) -> Int32 {
        var options = options
        options.gateway.functionNames = [function]
        // A large installation takes long.
        options.gateway.functionLimits.processorSeconds = 0
        guard let server = GatewaySetup.makeServer(options, log: .silent) else { return GatewaySetup.failed() }
        guard server.learnFunctions() != nil else { return GatewaySetup.folderFailed(options) }
        defer { server.stop() }
        guard let pool = server.function(named: function) else {
            let reason = server.faults.first?.reason ?? "it is not in the folder \(options.gateway.functionsFolder)"
            return Terminal.fail(
                "the function \(function) cannot be called: \(reason)", code: OptionError.Source.environment.rawValue)
        }
        let id = server.nextRequestID()
        var interrupted: Set<pid_t> = []
        let outcome = server.call(
            pool, envelope(request, requestID: id), requestID: id,
            while: {
                // The function removes its partial result and ends, or it is already done and answers.
                for process in server.processIDs(of: pool)
                where server.isDraining && interrupted.insert(process).inserted {
                    kill(process, SIGTERM)
                }
                return !server.isAborted
            }, onErrorLine: showProgress)
        guard let outcome else {
            return Terminal.fail("aborted; the next backup to the same place cleans up", code: 130)
        }
        if let error = outcome.error {
            return server.isDraining
                ? Terminal.fail("interrupted; nothing was changed", code: 130) : Terminal.fail(error.message, code: 1)
        }
        let body = body(of: outcome)
        guard let data = body["data"] else { return Terminal.fail(message(in: body), code: 1) }
        Terminal.write(options.printsJSON ? data.pretty() + "\n" : text(Report(json: data)) + "\n")
        return 0
    }

    /// An envelope without HTTP, which only operators can send.
    static func envelope(_ request: JSONObject, requestID: String) -> ByteBuffer {
        let envelope: JSON = [
            "requestContext": ["requestId": .string(requestID)], "body": .string(JSON.object(request).text),
        ]
        return ByteBuffer(envelope.text + "\n")
    }

    static func body(of outcome: CallOutcome) -> JSON {
        let line = outcome.lines.first.flatMap { try? JSONReader.parse($0) }
        return line?["body"]?.string.flatMap { try? JSONReader.parse($0) } ?? .null
    }

    private static func message(in body: JSON) -> String {
        let error = body["error"]
        let details = error?["details"]
        let field = details?["reason"]?.string.map { "\(details?["field"]?.string ?? "") \($0)" }
        return field ?? error?["message"]?.string ?? "the function \(function) sent an invalid response"
    }

    /// Shows the progress that the function reports, one JSON object per line.
    private static func showProgress(_ line: Bytes) {
        guard let report = try? JSONReader.parse(line), report["level"]?.string == "info",
            let message = report["message"]?.string
        else { return }
        Terminal.write("\(message)\n", to: 2)
    }

    /// The response of the function.
    private struct Report {
        let json: JSON

        var path: String { json["path"]?.string ?? "" }

        var contents: String {
            let (documents, files) = (json["documents"]?.int ?? 0, json["files"]?.int ?? 0)
            let place = json["place"]?.string.flatMap {
                $0.starts(withBytes: "s3://") ? ", but not the bytes in \($0)" : nil
            }
            return
                "\(documents) document\(documents == 1 ? "" : "s"), \(files) file\(files == 1 ? "" : "s"), \(size("bytes")), as of \(json["createdAt"]?.string ?? "")\(place ?? "")"
        }

        func size(_ name: String) -> String {
            let bytes = json[name]?.int ?? 0
            return bytes < 10 << 20 ? "\((bytes + 1023) >> 10) KiB" : "\(bytes >> 20) MiB"
        }
    }
}
