import Endpoint
import Models
import Storage
import Wire

/// Checks whether the database answers and accepts writes, and tells what it is.
struct DatabaseCheck {
    let check: Check
    private let engine: String
    /// Nil if it does not answer.
    private let state: DatabaseState?
    /// In milliseconds.
    private let latency: Double

    private static let sqlite = "sqlite"
    private static let postgresql = "postgresql"

    init(_ call: Call) {
        let start = Stopwatch()
        var state: DatabaseState?
        check = Check {
            let found = try call.store.databaseState()
            state = found
            try call.store.checkWriting(found, at: call.now)
        }
        latency = start.milliseconds
        self.state = state
        engine = call.configuration.databaseServer == nil ? Self.sqlite : Self.postgresql
    }

    static let schema: JSON = [
        "title": "DatabaseHealth", "type": "object", "required": ["status", "latencyMs", "engine"],
        "description": "What is known of a database that does not answer is its engine.",
        "properties": [
            "status": ["type": "string", "enum": ["ok", "failed"]],
            "reason": ["type": "string", "description": "Why it failed."],
            "latencyMs": ["type": "number", "description": "How long the check took."],
            "engine": ["type": "string", "enum": [.string(sqlite), .string(postgresql)]],
            "version": ["type": "string", "description": "The version of SQLite, or of the server."],
            "readOnly": [
                "type": "boolean",
                "description": "Whether it accepts no writes. The check then fails: it may be a replica.",
            ],
            "schemaVersion": ["type": "integer", "description": "The version of its tables."],
            "clockOffsetMs": [
                "type": "integer",
                "description":
                    "How far the clock of the server is ahead of that of the machine that answered, to half of latencyMs. Only with a server.",
            ],
        ],
    ]

    var json: JSON {
        var object = check.json("ok", ("latencyMs", .double(latency))).object ?? [:]
        object["engine"] = .string(engine)
        if let state {
            object["version"] = .string(state.version)
            object["readOnly"] = .bool(state.isReadOnly)
            object["schemaVersion"] = .int(Int64(state.schemaVersion))
            if let offset = state.clockOffset { object["clockOffsetMs"] = .int(offset) }
        }
        return .object(object)
    }
}
