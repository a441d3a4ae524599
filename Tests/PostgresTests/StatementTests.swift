import TestSupport
import Testing

@testable import Postgres

/// Prepared statements on a real server.
@Suite(.enabled(if: PostgresServer.isInstalled)) struct StatementTests {
    let server: PostgresServer
    let url: String
    let connection: PostgresConnection
    private let insert = PostgresStatement("INSERT INTO t VALUES ($1, $2)")
    private let counting = PostgresStatement("SELECT count(*) FROM t")

    init() throws {
        server = try PostgresServer.shared.get()
        url = server.url(database: try server.createDatabase())
        connection = try connect(url)
        try connection.script("CREATE TABLE t (id int8 PRIMARY KEY, name text)")
    }

    private func insert(_ id: Int64) throws {
        try connection.run(
            insert,
            bind: {
                $0.append(id); $0.append("row \(id)")
            })
    }

    private func count() throws -> Int64 {
        var found: Int64 = -1
        try connection.run(
            counting,
            row: {
                found = $0.integer(at: 0); return true
            })
        return found
    }

    private func prepared() throws -> [String] {
        // The simple protocol would not do: this one is prepared itself.
        try connection.texts("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
            .filter { !$0.contains("pg_prepared_statements") }
    }

    @Test func theTextIsSentOnceForEachCombinationOfTypes() throws {
        let statement = PostgresStatement("SELECT $1")
        for value in 0..<5 { try connection.run(statement, bind: { $0.append(Int64(value)) }) }
        #expect(try prepared().count == 1)
        for _ in 0..<3 { try connection.run(statement, bind: { $0.append("text") }) }
        #expect(try prepared().count == 2)
        // Another object with the same text.
        try connection.run(PostgresStatement("SELECT $1"), bind: { $0.append(Int64(1)) })
        #expect(try prepared().count == 2)
        // The same object on another connection, and back.
        try connect(url).run(statement, bind: { $0.append(Int64(1)) })
        try connection.run(statement, bind: { $0.append(Int64(1)) })
        #expect(connection.statements.usesNames)
    }

    @Test func closedStatementsAreForgotten() throws {
        let statement = PostgresStatement("SELECT $1")
        let same = PostgresStatement("SELECT $1")
        for each in [statement, same] { try connection.run(each, bind: { $0.append(Int64(1)) }) }
        connection.close(statement)
        #expect(try prepared().isEmpty)
        for each in [same, statement, PostgresStatement("SELECT $1")] {
            try connection.run(each, bind: { $0.append(Int64(1)) })
        }
        #expect(try prepared().count == 1)
        #expect(connection.statements.usesNames)
        // COMMIT follows the message, too.
        try connection.begin(.readWrite)
        _ = try count()
        connection.close(same)
        try connection.commit()
        #expect(try prepared().contains("SELECT $1") == false)
    }

    @Test func withoutNamesNothingIsKept() throws {
        let connection = try connect(url + "?prepared=no")
        for value in 0..<3 {
            try connection.begin(.readOnly)
            #expect(try connection.texts("SELECT $1", bind: { $0.append(Int64(value)) }) == ["\(value)"])
            try connection.commit()
        }
        #expect(try connection.texts("SELECT count(*) FROM pg_prepared_statements") == ["0"])
    }

    @Test func statementsThatTheServerHasLostArePreparedNoMore() throws {
        try insert(1)
        try connection.script("DEALLOCATE ALL")
        try insert(2)
        try connection.begin(.readWrite)
        try insert(3)
        try connection.commit()
        #expect(try count() == 3)
        #expect(!connection.statements.usesNames)
    }

    @Test func aTableThatChangesIsDescribedAnew() throws {
        try insert(1)
        let all = PostgresStatement("SELECT * FROM t")
        func columns() throws -> Int {
            var found = 0
            try connection.run(
                all,
                row: {
                    found = $0.count; return true
                })
            return found
        }
        #expect(try columns() == 2)
        let other = try connect(url)
        try other.script("ALTER TABLE t ADD COLUMN age int8")
        #expect(try columns() == 3)
        try other.script("ALTER TABLE t DROP COLUMN age")
        try connection.begin(.readOnly)
        #expect(try columns() == 2)
        try connection.commit()
        try other.script("ALTER TABLE t ALTER COLUMN name TYPE bytea USING name::bytea")
        try connection.begin(.readOnly)
        #expect(try count() == 1)
        let error = #expect(throws: PostgresError.self) { try columns() }
        #expect(error?.mayRunAgain == true)
        connection.rollBack()
        #expect(try columns() == 2)
        #expect(connection.statements.usesNames)
    }
}
