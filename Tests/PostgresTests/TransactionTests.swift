import Foundation
import TestSupport
import Testing

@testable import Postgres

/// Transactions on a real server, and what ends them.
@Suite(.enabled(if: PostgresServer.isInstalled)) struct TransactionTests {
    let server: PostgresServer
    let url: String
    let connection: PostgresConnection
    private let insert = PostgresStatement("INSERT INTO t VALUES ($1, $2)")
    private let count = PostgresStatement("SELECT count(*) FROM t")

    init() throws {
        server = try PostgresServer.shared.get()
        url = server.url(database: try server.createDatabase())
        connection = try connect(url)
        try connection.script("CREATE TABLE t (id int8 PRIMARY KEY, name text)")
    }

    private func insert(_ id: Int64, on connection: PostgresConnection? = nil) throws {
        try (connection ?? self.connection).run(
            insert,
            bind: {
                $0.append(id); $0.append("row \(id)")
            })
    }

    private func count(on connection: PostgresConnection? = nil) throws -> Int64 {
        var found: Int64 = -1
        try (connection ?? self.connection).run(
            count,
            row: {
                found = $0.integer(at: 0); return true
            })
        return found
    }

    /// How many round trips `body` takes.
    private func trips(_ body: () throws -> Void) rethrows -> Int {
        let before = connection.roundTrips
        try body()
        return connection.roundTrips - before
    }

    @Test func aReadTakesOneRoundTripForEachStatement() throws {
        for _ in 0..<3 {
            let trips = try trips {
                try connection.begin(.readOnly)
                _ = try count()
                _ = try count()
                try connection.commit()
            }
            #expect(trips == 2)
        }
    }

    @Test func aWriteWaitsForItsCommit() throws {
        let trips = try trips {
            try connection.begin(.readWrite)
            try insert(1)
            try connection.commit()
        }
        #expect(trips == 2)
        #expect(try count(on: connect(url)) == 1)
    }

    @Test func aTransactionWithoutStatementsSendsNothing() throws {
        let trips = try trips {
            for mode in [PostgresConnection.TransactionMode.readOnly, .readWrite] {
                try connection.begin(mode)
                #expect(connection.isInTransaction)
                try connection.commit()
                try connection.begin(mode)
                connection.rollBack()
                #expect(!connection.isInTransaction)
            }
        }
        #expect(trips == 0)
        #expect(throws: PostgresError.self) { try connection.commit() }
        try connection.begin(.readOnly)
        #expect(throws: PostgresError.self) { try connection.begin(.readOnly) }
    }

    @Test func theServerEndsAReadAtOnce() throws {
        try connection.begin(.readOnly)
        let id = try connection.texts("SELECT pg_backend_pid()")[0]
        try connection.commit()
        let other = try connect(url)
        var state = ""
        for _ in 0..<100 where state != "idle" {
            state = try other.texts("SELECT state FROM pg_stat_activity WHERE pid = \(id)")[0]
            usleep(10_000)
        }
        #expect(state == "idle")
    }

    @Test func aReadIsOneSnapshotAndCannotWrite() throws {
        let other = try connect(url)
        try connection.begin(.readOnly)
        #expect(try count() == 0)
        try insert(1, on: other)
        #expect(try count() == 0)
        try connection.commit()
        #expect(try count() == 1)
        try connection.begin(.readOnly)
        let error = #expect(throws: PostgresError.self) { try insert(2) }
        #expect(error?.sqlState == "25006")
        try connection.commit()
        #expect(try count() == 1)
    }

    @Test func rollingBackIsNotAwaited() throws {
        let trips = try trips {
            try connection.begin(.readWrite)
            try insert(1)
            connection.rollBack()
            try connection.begin(.readWrite)
            try insert(1)
            try connection.commit()
        }
        #expect(trips == 3)
        #expect(try count() == 1)
    }

    @Test func aFailedTransactionCannotBeCommitted() throws {
        try connection.begin(.readWrite)
        try insert(1)
        #expect(throws: PostgresError.self) { try insert(1) }
        #expect { try count() } throws: { ($0 as? PostgresError)?.sqlState == "25P02" }
        let error = #expect(throws: PostgresError.self) { try connection.commit() }
        #expect(error?.kind == .rolledBack)
        #expect(try count() == 0)
    }

    @Test func ofTwoThatChangeTheSameOneMayRunAgain() throws {
        try insert(1)
        let other = try connect(url)
        let update = PostgresStatement("UPDATE t SET name = name || 'x' WHERE id = 1")
        try connection.begin(.readWrite)
        #expect(try count() == 1)
        try other.run(update)
        let error = #expect(throws: PostgresError.self) { try connection.run(update) }
        #expect(error?.sqlState == "40001" && error?.mayRunAgain == true)
        connection.rollBack()
        try connection.begin(.readWrite)
        #expect(try connection.run(update) == 1)
        try connection.commit()
        #expect(try connection.texts("SELECT name FROM t") == ["row 1xx"])
    }

    @Test func aDeferredConstraintFailsInCommit() throws {
        try connection.script(
            "CREATE TABLE u (id int8 REFERENCES t DEFERRABLE INITIALLY DEFERRED)")
        try connection.begin(.readWrite)
        try connection.script("INSERT INTO u VALUES (5)")
        let error = #expect(throws: PostgresError.self) { try connection.commit() }
        #expect(error?.sqlState == "23503" && error?.isOutcomeUnknown == false)
        #expect(try connection.texts("SELECT count(*) FROM u") == ["0"])
    }

    @Test func aScriptIsPartOfTheTransaction() throws {
        let trips = try trips {
            try connection.begin(.readWrite)
            try connection.script("CREATE TABLE a (x int8); INSERT INTO a VALUES (1), (2)")
            try connection.run(PostgresStatement("DELETE FROM a WHERE x = 1"))
            connection.rollBack()
        }
        #expect(trips == 2)
        #expect(throws: PostgresError.self) { try connection.texts("SELECT 1 FROM a") }
        #expect(throws: PostgresError.self) { try connection.script("CREATE TABLE b (x int8); SELECT 1 / 0") }
        #expect(throws: PostgresError.self) { try connection.texts("SELECT 1 FROM b") }
        #expect {
            try connection.begin(.readOnly)
            try connection.script("CREATE TABLE c (x int8)")
        } throws: { ($0 as? PostgresError)?.sqlState == "25006" }
        connection.rollBack()
    }

    // MARK: Lost connections

    @Test func aSessionThatTheServerEndsIsNoticed() throws {
        let id = try connection.texts("SELECT pg_backend_pid()")[0]
        #expect(!connection.hasEnded)
        _ = try connect(url).texts("SELECT pg_terminate_backend(\(id))")
        for _ in 0..<200 where !connection.hasEnded { usleep(10_000) }
        #expect(connection.hasEnded)
        let error = #expect(throws: PostgresError.self) { try count() }
        #expect(error?.sqlState == "57P01" || error?.kind == .connectionLost)
        #expect(connection.isUnusable)
    }

    @Test func aStatementThatTakesTooLongIsGivenUp() throws {
        let connection = try connect(url, timeout: 200)
        let error = #expect(throws: PostgresError.self) { try connection.rows("SELECT pg_sleep(30)") }
        #expect(error?.kind == .timeout)
        #expect(connection.isUnusable)
        // The client's own time does not count.
        let slow = try connect(url, timeout: 500)
        #expect(try slow.rows("SELECT i FROM generate_series(1, 3) i") { _ in usleep(300_000) == 0 } == 3)
    }

    @Test func aCrashOfTheServerIsALostConnection() throws {
        let server = try PostgresServer()
        let connection = try connect(server.url())
        try connection.begin(.readWrite)
        try connection.script("CREATE TABLE t (x int8)")
        server.stop()
        let error = #expect(throws: PostgresError.self) { try connection.commit() }
        #expect(error?.isOutcomeUnknown == true)
        #expect(connection.isUnusable)
        #expect { try connect(server.url()) } throws: { ($0 as? PostgresError)?.kind == .unreachable }
        try server.start()
        #expect(try connect(server.url()).texts("SELECT count(*) FROM pg_class WHERE relname = 't'") == ["0"])
    }
}
