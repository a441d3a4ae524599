import Platform
import TestSupport
import Testing
import Wire

@testable import Postgres

/// A connection to a database of its own.
func connect(_ url: String, timeout: Int = 10_000) throws -> PostgresConnection {
    try PostgresConnection(to: PostgresAddress(url) { _ in nil }, timeout: timeout)
}

extension PostgresConnection {
    /// Runs a statement without parameters.
    @discardableResult
    func rows(_ sql: String, rowLimit: Int = 0, _ row: (PostgresRow) throws -> Bool = { _ in true }) throws -> Int {
        try run(PostgresStatement(sql), rowLimit: rowLimit, row: row)
    }

    /// The only column of all rows, as text.
    func texts(
        _ sql: String, rowLimit: Int = 0, bind: (PostgresParameters) -> Void = { _ in }
    ) throws -> [String] {
        var found: [String] = []
        try run(PostgresStatement(sql), rowLimit: rowLimit, bind: bind) { row in
            found.append(row.text(at: 0))
            return true
        }
        return found
    }
}

extension PostgresRow {
    func text(at column: Int) -> String {
        switch value(at: column) {
        case .null: "NULL"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .bytes(let bytes): bytes.text
        }
    }
}

/// The client against a real server.
@Suite(.enabled(if: PostgresServer.isInstalled)) struct ServerTests {
    let server: PostgresServer
    let connection: PostgresConnection

    init() throws {
        server = try PostgresServer.shared.get()
        connection = try connect(server.url())
    }

    @Test(arguments: [false, true])
    func loggingInTakesThreeRoundTrips(onSocket: Bool) throws {
        let connection = try connect(server.url(onSocket: onSocket))
        #expect(connection.roundTrips == 3)
        #expect(connection.serverVersion.utf8.first.map(ASCII.isDigit) == true)
        #expect(!connection.hasEnded)
        #expect(try connection.texts("SELECT current_user") == [PostgresServer.user])
    }

    @Test func aWrongPasswordIsAnError() {
        #expect {
            try connect(server.url(password: "wrong"))
        } throws: {
            ($0 as? PostgresError)?.sqlState == "28P01" && !"\($0)".contains("wrong")
        }
        #expect { try connect(server.url(database: "none")) } throws: { ($0 as? PostgresError)?.sqlState == "3D000" }
    }

    @Test func nobodyListening() throws {
        for url in ["postgres://me@127.0.0.1:1/d", "postgres://me@/d?host=/nonexistent", "postgres://me@localhost:1/d"]
        {
            #expect { try connect(url) } throws: { ($0 as? PostgresError)?.kind == .unreachable }
        }
        #expect { try connect("postgres://me@/d?host=/\(String(repeating: "x", count: 200))") } throws: {
            ($0 as? PostgresError)?.kind == .configuration
        }
        #expect { try connect("postgres://me@no-such-host.invalid/d", timeout: 5000) } throws: {
            ($0 as? PostgresError)?.kind == .unreachable
        }
    }

    // MARK: Values

    @Test func everyTypeComesBack() throws {
        let statement = PostgresStatement("SELECT $1, $2, $3, $4, $5, $6::text")
        let text = "grüße 🎈 \u{1}"
        let blob = (0...255).map { UInt8($0) }
        var rows = 0
        try connection.run(statement) {
            $0.append(Int64.min)
            $0.append(-0.1)
            $0.append(true)
            $0.append(text)
            $0.append(blob: blob)
            $0.appendNull()
        } row: { row in
            rows += 1
            #expect(row.count == 6)
            #expect(row.integer(at: 0) == .min)
            #expect(row.real(at: 1) == -0.1)
            #expect(row.integer(at: 2) == 1)
            #expect(row.bytes(at: 3).text == text)
            #expect(Array(row.bytes(at: 4)) == blob)
            #expect(row.isNull(at: 5))
            // A column that does not exist.
            #expect(row.isNull(at: 6) && row.isNull(at: -1) && row.integer(at: 99) == 0)
            return true
        }
        #expect(rows == 1)
    }

    @Test func everyReadableTypeIsRead() throws {
        let types = [
            "1::int2": "1", "-2::int4": "-2", "3::int8": "3", "true": "1", "false": "0", "1.5::float4": "1.5",
            "2.5::float8": "2.5", "'a'::text": "a", "'b'::varchar": "b", "'c'::char(2)": "c ", "'d'::name": "d",
            "'[1]'::json": "[1]", "'e'::bytea": "e", "''": "", "pg_sleep(0)": "", "NULL": "NULL",
        ]
        for (expression, value) in types {
            #expect(try connection.texts("SELECT \(expression)") == [value], "\(expression)")
        }
        var value = 0.0
        try connection.rows("SELECT 2.9::float8, 'NaN'::float8, 7::int2") { row in
            #expect(row.integer(at: 0) == 2)
            #expect(row.integer(at: 1) == 0)
            value = row.real(at: 2)
            return true
        }
        #expect(value == 7)
    }

    @Test(arguments: ["1::numeric", "now()", "'{}'::jsonb", "gen_random_uuid()", "ARRAY[1]"])
    func anotherTypeIsRefusedBeforeItsRows(expression: String) throws {
        for _ in 0..<2 {
            #expect { try connection.texts("SELECT \(expression) FROM generate_series(1, 3)") } throws: {
                ($0 as? PostgresError)?.kind == .unreadableType
            }
            #expect(try connection.texts("SELECT 1") == ["1"])
        }
    }

    @Test func aMebibyteTravelsBothWays() throws {
        let blob = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for _ in 0..<3 {
            var found: [UInt8] = []
            try connection.run(PostgresStatement("SELECT $1, 1")) {
                $0.append(blob: blob)
            } row: { row in
                found = Array(row.bytes(at: 0))
                return true
            }
            #expect(found == blob)
        }
    }

    @Test func asManyParametersAsThereCanBe() throws {
        let list = (1...65_535).map { "($\($0))" }.joined(separator: ",")
        let sum = try connection.texts("SELECT sum(x)::int8 FROM (VALUES \(list)) v(x)") { parameters in
            for value in 1...65_535 { parameters.append(Int64(value)) }
        }
        #expect(sum == ["\(65_535 * 65_536 / 2)"])
        #expect {
            try connection.texts("SELECT 1") { parameters in for _ in 0...65_535 { parameters.append(true) } }
        } throws: { ($0 as? PostgresError)?.kind == .misuse }
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func manyColumnsAreRead() throws {
        let list = (1...1600).map { "\($0)" }.joined(separator: ",")
        var sum: Int64 = 0
        try connection.rows("SELECT \(list)") { row in
            sum = (0..<row.count).reduce(0) { $0 + row.integer(at: $1) }
            return true
        }
        #expect(sum == 1600 * 1601 / 2)
    }

    @Test func zeroInATextIsTheServersError() throws {
        #expect { try connection.texts("SELECT $1") { $0.append("a\u{0}b") } } throws: {
            ($0 as? PostgresError)?.sqlState == "22021"
        }
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    // MARK: Rows

    @Test func stoppingEarlyLeavesNothingBehind() throws {
        let statement = PostgresStatement("SELECT i FROM generate_series(1, 20000) i")
        for wanted in [1, 2, 7000] {
            var seen = 0
            try connection.run(
                statement,
                row: { _ in
                    seen += 1
                    return seen < wanted
                })
            #expect(seen == wanted)
            #expect(try connection.texts("SELECT 'next'") == ["next"])
        }
        #expect(try connection.run(statement) == 20_000)
    }

    @Test func aLimitSendsNoMoreRows() throws {
        #expect(try connection.texts("SELECT i FROM generate_series(1, 9) i", rowLimit: 2) == ["1", "2"])
        #expect(try connection.rows("SELECT i FROM generate_series(1, 9) i", rowLimit: 3) == 3)
        #expect(try connection.rows("SELECT 1", rowLimit: 5) == 1)
        // A statement that changes and returns rows changes them all.
        try connection.script("CREATE TEMPORARY TABLE t (x int8)")
        let inserted = "INSERT INTO t SELECT i FROM generate_series(1, 9) i RETURNING x"
        #expect(try connection.texts(inserted, rowLimit: 1) == ["1"])
        #expect(try connection.texts("SELECT count(*) FROM t") == ["9"])
    }

    @Test func anErrorOfTheCallerLeavesTheConnectionUsable() throws {
        struct Stop: Error {}
        let trips = connection.roundTrips
        #expect(throws: Stop.self) {
            try connection.rows("SELECT i FROM generate_series(1, 5000) i") { _ in throw Stop() }
        }
        #expect(throws: Stop.self) {
            try connection.run(PostgresStatement("SELECT 1"), bind: { _ in throw Stop() })
        }
        #expect(connection.roundTrips == trips + 1)
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func anErrorAmongRowsIsTheServers() throws {
        var seen = 0
        #expect {
            try connection.rows("SELECT 1 / (5000 - i) FROM generate_series(1, 9999) i") { _ in
                seen += 1
                return true
            }
        } throws: { ($0 as? PostgresError)?.sqlState == "22012" }
        #expect(seen == 4999)
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func aStatementAmongTheRowsOfAnotherIsRefused() throws {
        var refused: PostgresError.Kind?
        try connection.rows("SELECT 1") { _ in
            do { try connection.script("SELECT 2") } catch let error as PostgresError { refused = error.kind }
            return true
        }
        #expect(refused == .misuse)
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func anEmptyStatementAndNoticesAreNoErrors() throws {
        #expect(try connection.rows("") == 0)
        try connection.script("")
        try connection.script("DO $$ BEGIN RAISE NOTICE 'x'; END $$; SET application_name = 'y'; LISTEN z; NOTIFY z")
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func copyingIsRefused() throws {
        for statement in ["COPY (SELECT 1) TO STDOUT", "COPY pg_class FROM STDIN"] {
            let connection = try connect(server.url())
            #expect { try connection.script(statement) } throws: { ($0 as? PostgresError)?.kind == .protocolViolation }
            #expect(connection.isUnusable)
        }
    }

    @Test func fieldsOfAnErrorAreRead() throws {
        try connection.script("CREATE TEMPORARY TABLE pets (name text PRIMARY KEY, age int8 CHECK (age > 0))")
        let statement = PostgresStatement("INSERT INTO pets VALUES ($1, $2)")
        func insert(_ age: Int64) throws {
            try connection.run(
                statement,
                bind: {
                    $0.append("Max"); $0.append(age)
                })
        }
        try insert(3)
        let error = #expect(throws: PostgresError.self) { try insert(4) }
        #expect(error?.sqlState == "23505")
        #expect(error?.sqlState?.classCode == "23")
        #expect(error?.constraint == "pets_pkey")
        #expect(error?.table == "pets")
        #expect(error?.severity == .error)
        #expect(error?.detail?.contains("Max") == true)
        #expect(error?.description.contains("Max") == false)
        #expect(error?.mayRunAgain == false && error?.isOutcomeUnknown == false)
        #expect(throws: PostgresError.self) { try insert(-1) }
    }
}
