import Endpoint
import Models
import Platform
import Storage
import Wire

/// Copies an installation from the SQLite database in `DATA_DIR` to a PostgreSQL server, or back. It has no route:
/// operators call it, after they have stopped the runner.
@main struct Transfer: Function {
    static let route = Route.internal(summary: "Move the installation to PostgreSQL, or back").timeout(seconds: 86_400)
    static let access = Access.operator

    struct Input: FunctionInput {
        let to: String?
        let from: String?
        let dryRun: Bool
        let reopen: Bool
        let leaseSeconds: Int

        init(from fields: inout Fields) {
            to = fields.optional(
                "to", Transfer.address,
                "The PostgreSQL server that gets the installation. Its database must be empty. The password may come from PGPASSWORD or PGPASSFILE."
            )
            from = fields.optional(
                "from", Transfer.address,
                "The PostgreSQL server whose installation comes to `DATA_DIR`, where no database may be.")
            dryRun = fields.optional("dryRun", .flag, "Only count, and check that the target is empty.") ?? false
            reopen =
                fields.optional(
                    "reopen", .flag,
                    "Let the installation be changed again that was moved: the one of `DATABASE_URL` or, without it, of `DATA_DIR`. The other one does not get these changes."
                ) ?? false
            leaseSeconds =
                fields.optional(
                    "leaseSeconds", .integer(2...3600, example: 60),
                    "How long the installation stays closed if the transfer is killed; 60 if absent.") ?? 60
        }
    }

    private static let address = ValueType<String>.string(
        1...4000, example: "postgres://ainexlayer@db.internal/ainexlayer", format: "password"
    ) { $0 }

    static func handle(_ input: Input, by _: Void, in call: Call) throws -> TransferReport {
        if input.reopen { return TransferReport(reopened: try call.store.reopen()) }
        let began = MonotonicClock.nanoseconds
        let display = TransferDisplay()
        let direction = try direction(input)
        let transfer = DatabaseTransfer(
            in: call.configuration.dataDirectory, direction, blobs: location(direction, call.configuration),
            timeout: call.configuration.databaseTimeout, leaseSeconds: input.leaseSeconds, progress: display.show)
        var report = TransferReport(input.dryRun ? try transfer.count() : try transfer.run())
        display.complete()
        report.seconds = Double((MonotonicClock.nanoseconds - began) / 1_000_000) / 1000
        return report
    }

    private static func direction(_ input: Input) throws -> DatabaseTransfer.Direction {
        switch (input.to, input.from) {
        case (let url?, nil): .to(try server(url, "to"))
        case (nil, let url?): .from(try server(url, "from"))
        case (nil, nil): throw APIError.validation("to", "is required, or from, or reopen")
        case (_?, _?): throw APIError.validation("from", "cannot be used together with to")
        }
    }

    /// `BLOBS` says where the target keeps uploaded files, with the default that the target has.
    private static func location(
        _ direction: DatabaseTransfer.Direction, _ configuration: Configuration
    ) -> BlobLocation {
        if Environment.isSet("BLOBS") { return configuration.blobs }
        if case .to = direction { return .database }
        return .files
    }

    private static func server(_ url: String, _ field: String) throws -> DatabaseServer {
        do throws(DatabaseServer.Problem) {
            return try DatabaseServer(url: url, direct: nil, environment: Environment.value)
        } catch {
            let problem = error.description.without(prefix: "DATABASE_URL ").map(String.init)
            throw APIError.validation(field, problem ?? error.description)
        }
    }
}

struct TransferReport: DataReply, Shaped {
    struct Table: Shaped {
        let name: String
        let rows: Int

        static let shape = Shape<Table>("TransferredTable", [.field("name") { $0.name }, .field("rows") { $0.rows }])
    }

    struct Files: Shaped {
        let files: Int
        let bytes: Int

        static let shape = Shape<Files>(
            "TransferredFiles", [.field("files") { $0.files }, .field("bytes") { $0.bytes }])
    }

    let tables: [Table]?
    let blobs: Files?
    var seconds: Double?
    let reopened: Bool?

    init(_ report: DatabaseTransfer.Report) {
        tables = report.tables.map { Table(name: $0.name, rows: $0.rows) }
        blobs = Files(files: report.files, bytes: Int(report.fileBytes))
        reopened = nil
    }

    init(reopened: Bool) {
        (tables, blobs) = (nil, nil)
        self.reopened = reopened
    }

    static let shape = Shape<TransferReport>(
        "TransferReport",
        [
            .optional("tables", "The rows of each table, the same on both sides.") { $0.tables },
            .optional("blobs", "The uploaded files of documents.") { $0.blobs },
            .optional("seconds", "How long it took.") { $0.seconds },
            .optional("reopened", "Whether it was closed, if `reopen` was given.") { $0.reopened },
        ])
}
