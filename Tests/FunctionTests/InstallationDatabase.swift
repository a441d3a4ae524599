import Foundation
import TestSupport
import Testing

/// What tests do with the database itself, on SQLite or on PostgreSQL (`TestDatabase`).
extension Installation {
    /// Runs SQL on the database, to create what another program or an earlier version would have left.
    func runSQL(_ script: String) throws {
        if TestDatabase.isOnServer {
            _ = try TestDatabase.run(script, for: folder.path)
            return
        }
        let program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())"
        let output = try run(
            "/usr/bin/python3", arguments: ["-c", program, folder.appendingPathComponent("data/nexlayer.db").path],
            input: Data(script.utf8))
        #expect(output.status == 0, "\(output.standardError)")
    }

    /// The rows that a query returns, with columns separated by `|`. Any statement may be run.
    func query(_ sql: String) throws -> [String] {
        if TestDatabase.isOnServer { return try TestDatabase.run(sql, for: folder.path) }
        let script =
            "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],timeout=10)\nfor r in c.execute(sys.argv[2]): print(*r,sep='|')\nc.commit()"
        let database = folder.appendingPathComponent("data/nexlayer.db").path
        let output = try run("/usr/bin/python3", arguments: ["-c", script, database, sql])
        #expect(output.status == 0, "\(output.standardError)")
        return String(decoding: output.standardOutput, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Makes the database one that a later version of the program has migrated.
    func migrate(to version: Int) throws {
        try runSQL(
            TestDatabase.isOnServer
                ? "INSERT INTO schema_version VALUES (\(version), \(version))" : "PRAGMA user_version = \(version)")
    }

    /// Everything that the database has stored.
    func storedBytes() throws -> Data {
        if TestDatabase.isOnServer {
            let words = try TestDatabase.psql(for: folder.path)
            let dump = try run("/usr/bin/pg_dump", arguments: ["--data-only", "--dbname", words[words.count - 1]])
            #expect(dump.status == 0 && !dump.standardOutput.isEmpty, "\(dump.standardError)")
            return dump.standardOutput
        }
        return try ["nexlayer.db", "nexlayer.db-wal"].reduce(into: Data()) {
            $0 += try Data(contentsOf: folder.appendingPathComponent("data/\($1)"))
        }
    }

    /// The hexadecimal digits of a blob, in SQL.
    static func hex(_ column: String) -> String {
        TestDatabase.isOnServer ? "upper(encode(\(column), 'hex'))" : "hex(\(column))"
    }

    /// The time in milliseconds since 1970, in SQL.
    static var now: String {
        TestDatabase.isOnServer
            ? "CAST(extract(epoch FROM now()) * 1000 AS BIGINT)" : "(strftime('%s', 'now') * 1000)"
    }

    /// As many zeros as a blob has bytes, in SQL.
    static func zeros(_ column: String) -> String {
        TestDatabase.isOnServer
            ? "decode(repeat('00', octet_length(\(column))), 'hex')" : "zeroblob(length(\(column)))"
    }

    /// Makes a statement of others fail: `event`, such as `BEFORE INSERT`, on a table.
    func addTrigger(_ name: String, _ event: String, on table: String, when condition: String? = nil) throws {
        let when = condition.map { "WHEN (\($0))" } ?? ""
        try runSQL(
            TestDatabase.isOnServer
                ? """
                CREATE FUNCTION \(name)() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
                CREATE TRIGGER \(name) \(event) ON \(table) FOR EACH ROW \(when) EXECUTE FUNCTION \(name)();
                """
                : "CREATE TRIGGER \(name) \(event) ON \(table) \(when) BEGIN SELECT RAISE(ABORT, 'broken'); END")
    }

    func dropTrigger(_ name: String, on table: String) throws {
        try runSQL("DROP TRIGGER \(name)\(TestDatabase.isOnServer ? " ON \(table)" : "")")
    }

    /// Keeps others from writing, and then runs statements before it lets them.
    ///
    /// - Parameter table: the table whose rows are kept on a PostgreSQL server; nil for all tables.
    func holdWriteLock(seconds: Double, thenRun sql: String, onlyRowsOf table: String? = nil) throws
        -> () throws -> Output
    {
        let locked = folder.appendingPathComponent("locked-\(UUID().uuidString)")
        if TestDatabase.isOnServer { return try holdTables(locked, seconds: seconds, thenRun: sql, table) }
        let script = """
            import pathlib, sqlite3, sys, time
            c = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
            c.execute("BEGIN IMMEDIATE")
            pathlib.Path(sys.argv[4]).touch()
            time.sleep(float(sys.argv[2]))
            for statement in sys.argv[3].split(";"): c.execute(statement)
            c.execute("COMMIT")
            """
        let database = folder.appendingPathComponent("data/nexlayer.db").path
        let end = try start(
            "/usr/bin/python3", arguments: ["-c", script, database, "\(seconds)", sql, locked.path], input: Data())
        for _ in 0..<1000 where !FileManager.default.fileExists(atPath: locked.path) { usleep(10_000) }
        return end
    }

    /// The same on a PostgreSQL server. Locks of tables allow others to read.
    private func holdTables(
        _ locked: URL, seconds: Double, thenRun sql: String, _ table: String?
    ) throws -> () throws -> Output {
        let tables = """
            DO $$ BEGIN
                EXECUTE 'LOCK TABLE ' || (SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
                    WHERE schemaname = 'public') || ' IN EXCLUSIVE MODE';
            END $$;
            """
        let script = """
            BEGIN;
            \(table.map { "SELECT count(*) FROM (SELECT 1 FROM \($0) FOR UPDATE) AS held;" } ?? tables)
            \\! touch \(locked.path)
            SELECT pg_sleep(\(seconds));
            \(sql);
            COMMIT;
            """
        let words = try TestDatabase.psql(for: folder.path)
        let end = try start(words[0], arguments: Array(words.dropFirst()), input: Data(script.utf8))
        for _ in 0..<1000 where !FileManager.default.fileExists(atPath: locked.path) { usleep(10_000) }
        return end
    }
}
