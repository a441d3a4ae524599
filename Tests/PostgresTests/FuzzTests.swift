import Foundation
import TestSupport
import Testing
import Wire

@testable import Postgres

/// Whatever a server sends, the client returns: with results or an error, but without a crash or waiting for ever.
struct FuzzTests {
    /// Everything that a server says in a session, which is then damaged.
    private static let session: [[UInt8]] = [
        Reply.authentication(0), Reply.parameter("server_version", "17.0"), Reply.parameter("client_encoding", "UTF8"),
        Reply.message("K", Reply.int32(1) + Reply.int32(2)), Reply.ready(),
        // A statement alone.
        Reply.parsed, Reply.bound, Reply.columns([20, 25, 16, 701, 17]),
        Reply.row([Reply.int8(1), Array("text".utf8), [1], Reply.int8(0x3FF0_0000_0000_0000), [0, 255]]),
        Reply.row([nil, nil, nil, nil, nil]), Reply.notice, Reply.complete("SELECT 2"), Reply.ready(),
        // A transaction: a statement, one that fails, a script, COMMIT.
        Reply.begun, Reply.bound, Reply.row([Reply.int8(1), [], [0], Reply.int8(0), []]), Reply.complete("SELECT 1"),
        Reply.ready("T"), Reply.error("23505"), Reply.ready("E"), Reply.complete("ROLLBACK"), Reply.ready(),
        Reply.complete("CREATE TABLE"), Reply.columns([23]), Reply.row([[0, 0, 0, 1]]), Reply.complete("SELECT 1"),
        Reply.ready(),
        // A read whose COMMIT is not awaited.
        Reply.begun, Reply.bound, Reply.message("s"), Reply.ready("T"), Reply.complete("COMMIT"), Reply.ready(),
        Reply.bound, Reply.complete("SELECT 0"), Reply.ready(),
    ]

    /// Does what the session answers. Returns how much of it worked.
    private func use(_ connection: PostgresConnection, _ statement: PostgresStatement, stoppingEarly: Bool) -> Int {
        var done = 0
        var sum: Int64 = 0
        func attempt(_ body: () throws -> Void) {
            do {
                try body()
                done += 1
            } catch is PostgresError {
            } catch { Issue.record("\(error)") }
        }
        func run(limit: Int = 0) throws {
            try connection.run(statement, rowLimit: limit) {
                $0.append("x")
            } row: { row in
                for column in -1...row.count {
                    sum &+= row.integer(at: column) &+ Int64(row.bytes(at: column).reduce(0) { $0 &+ Int($1) })
                    if row.real(at: column) > 1, row.isNull(at: column) { sum &+= 1 }
                    if case .bytes(let bytes) = row.value(at: column) { sum &+= Int64(bytes.text.utf8.count) }
                }
                return !stoppingEarly
            }
        }
        guard let address = try? PostgresAddress("postgres://user:pencil@h/d", environment: { _ in nil }) else {
            return 0
        }
        attempt { try connection.logIn(address) }
        attempt { try run() }
        attempt { try connection.begin(.readWrite) }
        attempt { try run() }
        attempt { try run() }
        attempt { try connection.commit() }
        connection.rollBack()
        attempt { try connection.script("x") }
        attempt { try connection.begin(.readOnly) }
        attempt { try run(limit: 1) }
        attempt { try connection.commit() }
        attempt { try run() }
        _ = connection.hasEnded
        return done
    }

    private func damage(_ session: inout [[UInt8]], _ random: inout Random) {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let index = Int.random(in: 0..<session.count, using: &random)
            let place = session[index].isEmpty ? 0 : Int.random(in: 0..<session[index].count, using: &random)
            let byte = UInt8.random(in: .min ... .max, using: &random)
            switch Int.random(in: 0..<9, using: &random) {
            case 0 where !session[index].isEmpty: session[index][place] ^= 1 << (byte & 7)
            case 1 where !session[index].isEmpty: session[index][place] = byte
            case 2 where !session[index].isEmpty: session[index].remove(at: place)
            case 3: session[index].insert(byte, at: place)
            case 4: session[index] = []
            case 5: session.insert(session.randomElement(using: &random) ?? [], at: index)
            case 6: session.swapAt(index, Int.random(in: 0..<session.count, using: &random))
            // A length, of a message or within it.
            case 7 where session[index].count >= 5:
                let start = Bool.random(using: &random) ? 1 : min(place, session[index].count - 4)
                let length =
                    [0, 1, 3, 4, 5, 0x7FFF_FFFF, -1, -2, 0x3FFF_FFFF, Int(byte)].randomElement(using: &random) ?? 0
                session[index].replaceSubrange(start..<(start + 4), with: Reply.int32(length))
            default: session[index] = Array(session[index].prefix(place))
            }
        }
    }

    @Test func theWholeSessionWorks() {
        let server = ScriptedServer(Self.session.flatMap { $0 })
        // All but the statement and the COMMIT that the server refuses.
        #expect(use(server.connection, PostgresStatement("SELECT $1"), stoppingEarly: false) == 9)
    }

    @Test(arguments: 0..<4)
    func damagedSessionsOnlyCauseErrors(part: Int) {
        var random = Random(state: UInt64(part))
        let statement = PostgresStatement("SELECT $1")
        var worked = 0
        var slowest = 0.0
        for _ in 0..<5000 {
            var session = Self.session
            damage(&session, &random)
            let start = Date()
            let server = ScriptedServer(
                session.flatMap { $0 }, usesNames: Bool.random(using: &random), timeout: 1000)
            worked += use(server.connection, statement, stoppingEarly: Bool.random(using: &random))
            slowest = max(slowest, Date().timeIntervalSince(start))
        }
        // Damage is neither harmless nor always noticed at once.
        #expect(worked > 5000 && worked < 5000 * 9)
        #expect(slowest < 10)
    }

    @Test func damagedChallengesOnlyCauseErrors() {
        var random = Random(state: 7)
        let challenge = Array("r=noncemore,s=c2FsdA==,i=16".utf8)
        for _ in 0..<10_000 {
            var damaged = [challenge]
            damage(&damaged, &random)
            var exchange = SCRAM(password: "pencil", nonce: "nonce")
            damaged.flatMap { $0 }.withUnsafeBufferPointer { bytes in
                do { _ = try exchange.finalMessage(answering: bytes) } catch {}
                #expect(!exchange.accepts(bytes))
            }
        }
    }
}
