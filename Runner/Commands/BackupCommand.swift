import Glibc
import Wire

/// `runner backup` and `runner restore`. The function `backup` does both; nothing here knows what a database is.
enum BackupCommand {
    /// The function that is called.
    static let function = "backup"

    static func backUp(_ options: Options) -> Int32 {
        let given = options.backup
        let path = options.operands.first.map { Options.absolute($0) }
        guard options.operands.count <= 1 else { return misuse("backup takes one folder or file", .backup) }
        guard !given.verifies || !given.isIncremental else {
            return misuse("--verify makes no backup, so that --incremental means nothing beside it", .backup)
        }
        if given.verifies {
            guard let path else { return misuse("backup --verify needs the folder or file of the backup", .backup) }
            return call(["action": "verify", "path": .string(path)], options) { "\($0.path) is whole: \($0.contents)" }
        }
        guard path != nil || !(options.environment["BACKUP_DIR"] ?? "").isEmpty else {
            return misuse("backup needs a folder, or a file that ends in .tar, where BACKUP_DIR names none", .backup)
        }
        var request: JSONObject = ["action": "create", "incremental": .bool(given.isIncremental)]
        if let path { request["path"] = .string(path) }
        return call(request, options) {
            "Backed up to \($0.path): \($0.contents), \($0.size("copiedBytes")) of it copied"
        }
    }

    static func restore(_ options: Options) -> Int32 {
        guard let operand = options.operands.first, options.operands.count == 1 else {
            return misuse("restore needs one folder or file that runner backup has made", .restore)
        }
        let request: JSONObject = [
            "action": "restore", "path": .string(Options.absolute(operand)), "replace": .bool(options.backup.replaces),
        ]
        return call(request, options) { report in
            let aside = report.json["putAside"]?.string.map { "\nWhat was there before is now in \($0)" } ?? ""
            return "Restored to \(options.dataFolder): \(report.contents)\(aside)"
        }
    }

    private static func misuse(_ reason: String, _ name: Command.Name) -> Int32 {
        Terminal.fail(
            "\(reason); runner help \(name.rawValue) tells more", code: OptionError.Source.commandLine.rawValue)
    }

    // MARK: The call

    private static func call(_ request: JSONObject, _ options: Options, _ text: (Report) -> String) -> Int32 {
        var options = options
        options.functionNames = [function]
        // What it takes depends on what there is.
        options.functionLimits.processorSeconds = 0
        guard let loop = EventLoop() else { return Program.noLoop() }
        let server = Server(options, loop: loop, log: .silent)
        guard server.learnFunctions() != nil else { return Program.folderFailed(options) }
        defer { server.stop() }
        guard let pool = server.pools.all.first(where: { $0.name == function }) else {
            let reason = server.faults.first?.reason ?? "it is not in the folder \(options.functionsFolder)"
            return Terminal.fail(
                "the function \(function) cannot be called: \(reason)", code: OptionError.Source.environment.rawValue)
        }
        let id = server.requestIDs.next()
        var interrupted: Set<pid_t> = []
        let outcome = FunctionCaller.call(
            pool, envelope(request, requestID: id), requestID: id, on: server,
            while: {
                // The function removes what it has begun, and ends; or it is done already, and answers.
                for process in server.pools.processes(of: pool)
                where server.isDraining && interrupted.insert(process.pid).inserted {
                    kill(process.pid, SIGTERM)
                }
                return !server.isAborted
            }, onErrorLine: showProgress)
        guard let outcome else {
            return Terminal.fail("ended at once; the next backup to the same place removes what is left", code: 130)
        }
        if let refusal = outcome.refusal {
            return server.isDraining
                ? Terminal.fail("interrupted; nothing was changed", code: 130) : Terminal.fail(refusal.message, code: 1)
        }
        let body = body(of: outcome)
        guard let data = body["data"] else { return Terminal.fail(complaint(in: body), code: 1) }
        Terminal.write(options.printsJSON ? data.pretty() + "\n" : text(Report(json: data)) + "\n")
        return 0
    }

    /// An envelope that only operators can send: one without HTTP.
    static func envelope(_ request: JSONObject, requestID: String) -> ByteBuffer {
        let envelope: JSON = [
            "requestContext": ["requestId": .string(requestID)], "body": .string(JSON.object(request).text),
        ]
        return ByteBuffer(envelope.text + "\n")
    }

    static func body(of outcome: FunctionCaller.Outcome) -> JSON {
        let line = outcome.lines.first.flatMap { try? JSONReader.parse($0) }
        return line?["body"]?.string.flatMap { try? JSONReader.parse($0) } ?? .null
    }

    private static func complaint(in body: JSON) -> String {
        let error = body["error"]
        let details = error?["details"]
        let field = details?["reason"]?.string.map { "\(details?["field"]?.string ?? "") \($0)" }
        return field ?? error?["message"]?.string ?? "the function \(function) gave no answer that can be read"
    }

    /// What the function says of its work, which is a JSON object a line.
    private static func showProgress(_ line: Bytes) {
        guard let said = try? JSONReader.parse(line), said["level"]?.string == "info",
            let message = said["message"]?.string
        else { return }
        Terminal.write("\(message)\n", to: 2)
    }

    /// What the function answers.
    private struct Report {
        let json: JSON

        var path: String { json["path"]?.string ?? "" }

        var contents: String {
            let (documents, files) = (json["documents"]?.int ?? 0, json["files"]?.int ?? 0)
            return
                "\(documents) document\(documents == 1 ? "" : "s"), \(files) file\(files == 1 ? "" : "s"), \(size("bytes")), as of \(json["createdAt"]?.string ?? "")"
        }

        func size(_ name: String) -> String {
            let bytes = json[name]?.int ?? 0
            return bytes < 10 << 20 ? "\((bytes + 1023) >> 10) KiB" : "\(bytes >> 20) MiB"
        }
    }
}

// MARK: The manuals

extension Command {
    static let backup = Command(
        name: .backup, synopsis: "runner backup [FOLDER|FILE.tar] [OPTION...]",
        summary: "Make a backup while everything runs, or check one with --verify.",
        description: [
            """
            Copies the database as it is at one moment, and every file that its documents have; what changes later is not \
            in it. The gateway need not be stopped. The backup is a folder, or an archive where the name ends in .tar. It \
            has a manifest with the SHA-256 of each file, which is written last: a backup is whole, or there is none.
            """,
            """
            On the disk that the data is on, uploaded files are linked rather than copied, which protects against mistakes \
            but not against the loss of the disk. On another one, --incremental copies those only that FOLDER does not have \
            yet. The new backup takes the place of the old one when it is whole. Every backup reads every file: a linked \
            one is held against its SHA-256, and one that has rotted in the old backup is taken from the data folder; \
            where it has rotted there, too, no backup is made. Backups of another installation are not renewed.
            """,
            """
            Without an operand, a new backup is made in the folder BACKUP_DIR, which links to the one before it, and the \
            oldest are removed beyond BACKUP_KEEP (7). With BACKUP_EVERY, such as 24h, run-jobs does so by itself.
            """,
            """
            A backup holds the installation's secrets and everybody's documents; it is readable by its owner only. Counters \
            of the rate limits are not part of it.
            """,
        ],
        operand: "[FOLDER|FILE.tar]",
        examples: [
            "runner backup /mnt/backup/today", "runner backup /mnt/backup/current --incremental",
            "runner backup today.tar", "runner backup --verify /mnt/backup/today",
        ],
        exitStatus: [
            ("0", "The backup was made, or is whole."), ("1", "It was not made, or is damaged."),
            ("64", "Wrong use of the command line."), ("78", "Wrong configuration, or no function backup."),
            ("130", "Interrupted; nothing is left of what was begun."),
        ])

    static let restore = Command(
        name: .restore, synopsis: "runner restore FOLDER|FILE.tar [OPTION...]",
        summary: "Put the data folder back from a backup.",
        description: [
            """
            Checks all of the backup, makes a data folder of it beside DATA_DIR, and gives it that name at once. Nothing is \
            changed when the backup is damaged, when the data folder holds something already (unless --force is given, \
            which puts it aside), or when a process uses it: stop the gateway first. Run it as the user that the functions \
            run as.
            """
        ],
        operand: "FOLDER|FILE.tar",
        examples: [
            "runner restore /mnt/backup/today", "runner restore today.tar --data /var/lib/ainexlayer --force",
        ],
        exitStatus: [
            ("0", "The data folder is that of the backup."), ("1", "Nothing was changed."),
            ("64", "Wrong use of the command line."), ("78", "Wrong configuration, or no function backup."),
            ("130", "Interrupted; nothing was changed."),
        ])
}
