import Foundation
import TestSupport
import Testing

@testable import Postgres

/// The client through PgBouncer, whose two sessions many clients share.
@Suite(.enabled(if: PostgresServer.isInstalled && PgBouncer.isInstalled)) struct PoolerTests {
    private static let clients = 12
    private static let rounds = 25

    /// Without names nothing needs to be repeated. With names, which PgBouncer knows from 1.21 on, a client may have to
    /// run a transaction again once.
    @Test(arguments: ["prepared=no", "prepared=yes"])
    func manyClientsShareTwoSessions(option: String) throws {
        let server = try PostgresServer.shared.get()
        let database = try server.createDatabase()
        try server.psql(
            "CREATE TABLE counters (id int8 PRIMARY KEY, value int8); "
                + "INSERT INTO counters SELECT i, 0 FROM generate_series(0, \(Self.clients - 1)) i", database: database)
        let pooler = try PgBouncer(for: server)
        let url = pooler.url(database: database, options: [option])
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: Self.clients) { client in
            do { try failures.add(repeats: work(url, client: Int64(client))) } catch { failures.add("\(error)") }
        }
        #expect(failures.messages.isEmpty)
        #expect(failures.repeats <= (option == "prepared=no" ? 0 : Self.clients))
        #expect(
            try server.psql("SELECT sum(value) FROM counters", database: database)
                == "\(Self.clients * Self.rounds)")
    }

    private final class Failures: @unchecked Sendable {
        private let lock = NSLock()
        private(set) var messages: [String] = []
        private(set) var repeats = 0

        func add(_ message: String) { lock.withLock { messages.append(message) } }
        func add(repeats: Int) { lock.withLock { self.repeats += repeats } }
    }

    /// Returns how often a transaction had to run again.
    private func work(_ url: String, client: Int64) throws -> Int {
        let connection = try connect(url)
        let update = PostgresStatement("UPDATE counters SET value = value + 1 WHERE id = $1")
        let read = PostgresStatement("SELECT id, 'client ' || id FROM counters WHERE id = $1")
        var repeats = 0
        func transaction(_ mode: PostgresConnection.TransactionMode, _ body: () throws -> Void) throws {
            while true {
                do {
                    try connection.begin(mode)
                    try body()
                    return try connection.commit()
                } catch let error as PostgresError where error.mayRunAgain && repeats < 100 {
                    connection.rollBack()
                    repeats += 1
                }
            }
        }
        for round in 0..<Self.rounds {
            try transaction(.readOnly) {
                // One that commits by itself, and two of the transaction, in one flight.
                for number in 0..<3 { try connection.enqueue(read, isSeparate: number == 0) { $0.append(client) } }
                var together: [String] = []
                try connection.receive { number, row in
                    together.append("\(number) \(row.integer(at: 0))")
                    return true
                }
                guard together == (0..<3).map({ "\($0) \(client)" }) else { throw Wrong(found: together) }
                for _ in 0..<2 {
                    var found: [String] = []
                    try connection.run(read, bind: { $0.append(client) }) { row in
                        found.append("\(row.integer(at: 0)) \(row.bytes(at: 1).text)")
                        return true
                    }
                    guard found == ["\(client) client \(client)"] else { throw Wrong(found: found) }
                }
            }
            try transaction(.readWrite) {
                if round % 2 == 0 { return try connection.enqueue(update) { $0.append(client) } }
                let changed = try connection.run(update, bind: { $0.append(client) })
                guard changed == 1 else { throw Wrong(found: ["\(changed)"]) }
            }
        }
        return repeats
    }

    private struct Wrong: Error { let found: [String] }
}
