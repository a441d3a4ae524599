import TestSupport
import Testing

@testable import Postgres

/// Statements that travel together.
@Suite(.enabled(if: PostgresServer.isInstalled)) struct FlightTests {
    private let url: String
    private let connection: PostgresConnection
    private let insert = PostgresStatement("INSERT INTO t VALUES ($1)")
    private let count = PostgresStatement("SELECT count(*) FROM t")
    private let one = PostgresStatement("SELECT 1")

    init() throws {
        let server = try PostgresServer.shared.get()
        url = server.url(database: try server.createDatabase())
        connection = try connect(url)
        try connection.script("CREATE TABLE t (id int8 PRIMARY KEY)")
    }

    private func enqueue(_ id: Int64, isSeparate: Bool = false) throws {
        try connection.enqueue(insert, isSeparate: isSeparate) { $0.append(id) }
    }

    private func stored() throws -> [String] { try connect(url).texts("SELECT id FROM t ORDER BY id") }

    /// Sends what was appended, and returns the first column of the rows, by statement.
    private func receive(on connection: PostgresConnection? = nil) throws -> [[String]] {
        let connection = connection ?? self.connection
        var found: [[String]] = Array(repeating: [], count: connection.enqueued)
        try connection.receive { number, row in
            found[number].append(row.text(at: 0))
            return true
        }
        return found
    }

    private func trips(_ body: () throws -> Void) rethrows -> Int {
        let before = connection.roundTrips
        try body()
        return connection.roundTrips - before
    }

    @Test func changesTravelWithTheNextStatementOrTheCommit() throws {
        for round in [Int64(0), 10] {
            let trips = try trips {
                try connection.begin(.readWrite)
                for id in 1...3 { try enqueue(round + Int64(id)) }
                #expect(try connection.run(count, row: { $0.integer(at: 0) == round / 10 * 5 + 3 }) == 1)
                for id in 4...5 { try enqueue(round + Int64(id)) }
                try connection.commit()
            }
            #expect(trips == 2)
        }
        #expect(try stored() == ["1", "2", "3", "4", "5", "11", "12", "13", "14", "15"])
        let trips = try trips {
            try connection.begin(.readWrite)
            try enqueue(6)
            try connection.commit()
        }
        #expect(trips == 1)
        #expect(try stored().count == 11)
    }

    @Test func aFailureShowsInTheNextStatement() throws {
        try connection.begin(.readWrite)
        for id in [1, 2, 1, 3] as [Int64] { try enqueue(id) }
        let error = #expect(throws: PostgresError.self) { try connection.run(count) }
        #expect(error?.sqlState == "23505")
        connection.rollBack()
        #expect(try stored() == [])
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func aFailureShowsInTheCommit() throws {
        try connection.begin(.readWrite)
        for id in [1, 1] as [Int64] { try enqueue(id) }
        let error = #expect(throws: PostgresError.self) { try connection.commit() }
        #expect(error?.sqlState == "23505" && error?.isOutcomeUnknown == false)
        #expect(!connection.isInTransaction)
        #expect(try stored() == [])
        #expect(try connection.texts("SELECT 1") == ["1"])
    }

    @Test func whatWasNotSentIsDiscardedByARollback() throws {
        let trips = try trips {
            try connection.begin(.readWrite)
            try enqueue(1)
            connection.rollBack()
        }
        #expect(trips == 0)
        try connection.begin(.readWrite)
        try connection.run(count)
        try enqueue(1)
        connection.rollBack()
        #expect(try connection.texts("SELECT count(*) FROM t") == ["0"])
        // The server has not been told to prepare it.
        try connection.begin(.readWrite)
        try enqueue(1)
        try connection.commit()
        #expect(try stored() == ["1"])
    }

    @Test(arguments: [true, false]) func readsTravelTogether(usesNames: Bool) throws {
        let connection = try connect(url + (usesNames ? "" : "?prepared=no"))
        for isWithin in [true, false, true] {
            if isWithin { try connection.begin(.readOnly) }
            let before = connection.roundTrips
            for _ in 0..<2 {
                try connection.enqueue(one)
                try connection.enqueue(PostgresStatement("SELECT generate_series(1, 3)"), rowLimit: 2)
            }
            #expect(try receive(on: connection) == [["1"], ["1", "2"], ["1"], ["1", "2"]])
            #expect(connection.roundTrips == before + 1)
            if isWithin { try connection.commit() }
        }
    }

    @Test func aSeparateStatementCommitsInFrontOfTheTransaction() throws {
        try connection.begin(.readOnly)
        try enqueue(1, isSeparate: true)
        try connection.enqueue(count)
        #expect(try receive() == [[], ["1"]])
        #expect(throws: PostgresError.self) { try enqueue(2, isSeparate: true) }
        connection.rollBack()
        #expect(try stored() == ["1"])
    }

    @Test func statementsOutsideOfATransactionFailByThemselves() throws {
        try enqueue(1)
        try enqueue(1)
        try enqueue(2)
        let error = #expect(throws: PostgresError.self) { try connection.receive() }
        #expect(error?.sqlState == "23505")
        #expect(try stored() == ["1", "2"])
    }

    @Test func aTransactionWithOneFlightMayBeginAgain() throws {
        try connection.begin(.readOnly)
        try connection.enqueue(one)
        try connection.enqueue(PostgresStatement("SELECT 1 / 0"))
        try connection.enqueue(one)
        #expect(throws: PostgresError.self) { try connection.receive() }
        #expect(connection.beginAgain())
        #expect(try connection.texts("SELECT count(*) FROM t") == ["0"])
        #expect(throws: PostgresError.self) { try connection.rows("SELECT 1 / 0") }
        #expect(!connection.beginAgain())
        connection.rollBack()
    }

    @Test func whatCannotBeReadDoesNotHideWhatFollows() throws {
        try connection.begin(.readOnly)
        try connection.enqueue(PostgresStatement("SELECT now()"))
        try connection.enqueue(one)
        var found = 0
        let error = #expect(throws: PostgresError.self) {
            try connection.receive { number, _ in
                found += number
                return true
            }
        }
        #expect(error?.kind == .unreadableType && found == 1)
        #expect(try connection.texts("SELECT 1") == ["1"])
        try connection.commit()
    }

    @Test func statementsAreForgottenBetweenFlights() throws {
        let first = PostgresStatement("SELECT 'a'")
        try connection.run(first)
        try connection.begin(.readWrite)
        connection.close(first)
        try enqueue(1)
        connection.rollBack()
        #expect(try connection.texts("SELECT 'a'") == ["a"])
        let names = try connection.texts("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT ''a'''")
        #expect(names == ["1"])
    }

    @Test func arraysAreBound() throws {
        for (numbers, blobs) in [([], []), ([1, -2, 1 << 40], [[], [0, 255], [92]])] as [([Int64], [[UInt8]])] {
            let found = try connection.texts("SELECT $1::text || $2::text") {
                $0.append(numbers)
                $0.append(blobs: blobs)
            }
            #expect(found == [numbers.isEmpty ? "{}{}" : #"{1,-2,1099511627776}{"\\x","\\x00ff","\\x5c"}"#])
        }
    }
}
