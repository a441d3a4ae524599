import Foundation
import Testing
import Wire

@testable import Postgres

/// The client against servers that do what real ones rarely do.
struct ScriptedTests {
    private let statement = PostgresStatement("SELECT $1")

    /// Runs the statement and collects its numbers.
    private func run(_ connection: PostgresConnection) throws -> [Int64?] {
        var found: [Int64?] = []
        try connection.run(statement) {
            $0.append(Int64(1))
        } row: { row in
            found.append(row.isNull(at: 0) ? nil : row.integer(at: 0))
            return true
        }
        return found
    }

    private func kind(_ body: () throws -> Void) -> PostgresError.Kind? {
        #expect(throws: PostgresError.self, performing: body)?.kind
    }

    @Test func messagesOfNoConcernMayComeAtAnyMoment() throws {
        var answer: [UInt8] = []
        let pieces = [
            Reply.begun, Reply.parsed, Reply.bound, Reply.columns([20]), Reply.row([Reply.int8(7)]), Reply.row([nil]),
            Reply.complete("SELECT 2"), Reply.ready("T"), Reply.complete("COMMIT"), Reply.ready(),
        ]
        for piece in pieces {
            answer += Reply.notice + Reply.parameter("TimeZone", "UTC") + Reply.notification + piece
        }
        let server = ScriptedServer(answer)
        try server.connection.begin(.readWrite)
        #expect(try run(server.connection) == [7, nil])
        try server.connection.commit()
    }

    // MARK: Errors

    @Test func anErrorAmongRowsEndsTheStatementOnly() throws {
        let server = ScriptedServer(
            Reply.parsed + Reply.bound + Reply.columns([20]) + Reply.row([Reply.int8(1)]) + Reply.error("22012")
                + Reply.ready() + Reply.bound + Reply.row([Reply.int8(2)]) + Reply.complete("SELECT 1") + Reply.ready())
        let error = #expect(throws: PostgresError.self) { try run(server.connection) }
        #expect(error?.sqlState == "22012" && error?.detail == "detail" && error?.isOutcomeUnknown == false)
        #expect(!server.connection.isUnusable)
        #expect(ScriptedServer.types(server.received) == "PBDES")
        // The server has it prepared and described.
        #expect(try run(server.connection) == [2])
        #expect(ScriptedServer.types(server.received) == "BES")
    }

    @Test(arguments: ["FATAL", "PANIC"])
    func aFatalErrorEndsTheConnection(severity: String) throws {
        let server = ScriptedServer(Reply.begun + Reply.error("57P01", severity: severity))
        try server.connection.begin(.readWrite)
        let error = #expect(throws: PostgresError.self) { try run(server.connection) }
        #expect(error?.sqlState == "57P01" && error?.kind == .server && error?.isOutcomeUnknown == false)
        #expect(server.connection.isUnusable && server.connection.hasEnded)
        #expect(kind { _ = try run(server.connection) } == .connectionLost)
        server.connection.rollBack()
    }

    @Test func theReasonForAClosedConnectionIsFound() throws {
        let server = ScriptedServer(Reply.error("57P05", severity: "FATAL"))
        let error = #expect(throws: PostgresError.self) { try run(server.connection) }
        #expect(error?.sqlState == "57P05")
    }

    @Test func aLostStatementIsUnknownOnlyOutsideATransaction() throws {
        let alone = ScriptedServer(Reply.parsed)
        let error = #expect(throws: PostgresError.self) { try run(alone.connection) }
        #expect(error?.kind == .connectionLost && error?.isOutcomeUnknown == true)
        let within = ScriptedServer(Reply.begun)
        try within.connection.begin(.readWrite)
        let other = #expect(throws: PostgresError.self) { try run(within.connection) }
        #expect(other?.kind == .connectionLost && other?.isOutcomeUnknown == false)
    }

    @Test func aServerThatSaysNothingTimesOut() throws {
        let server = ScriptedServer(Reply.begun, closes: false, timeout: 50)
        try server.connection.begin(.readOnly)
        let start = Date()
        #expect(kind { _ = try run(server.connection) } == .timeout)
        #expect(Date().timeIntervalSince(start) < 1.5)
        #expect(server.connection.isUnusable)
    }

    // MARK: COMMIT

    /// A connection in a transaction that has done something, whose COMMIT is answered thus.
    private func committing(_ answer: [UInt8], closes: Bool = true, timeout: Int = 2000) throws -> ScriptedServer {
        let server = ScriptedServer(
            Reply.begun + Reply.numbers([1], status: "T") + answer, closes: closes, timeout: timeout)
        try server.connection.begin(.readWrite)
        #expect(try run(server.connection) == [1])
        return server
    }

    @Test func rollbackInAnswerToCommitIsAnError() throws {
        let server = try committing(Reply.complete("ROLLBACK") + Reply.ready())
        let error = #expect(throws: PostgresError.self) { try server.connection.commit() }
        #expect(error?.kind == .rolledBack && error?.isOutcomeUnknown == false)
        #expect(!server.connection.isUnusable && !server.connection.isInTransaction)
    }

    @Test func anErrorInAnswerToCommitIsCertain() throws {
        let server = try committing(Reply.error("40001") + Reply.ready())
        let error = #expect(throws: PostgresError.self) { try server.connection.commit() }
        #expect(error?.mayRunAgain == true && error?.isOutcomeUnknown == false)
        server.connection.rollBack()
        #expect(ScriptedServer.types(server.received).hasSuffix("Q"))
    }

    @Test func aLostCommitIsUnknown() throws {
        for answer in [
            [], Reply.complete("COMMIT"), Reply.error("57P01", severity: "FATAL"), Reply.message("C", [0, 0]),
        ] {
            let server = try committing(answer)
            let error = #expect(throws: PostgresError.self) { try server.connection.commit() }
            #expect(error?.isOutcomeUnknown == true, "\(answer)")
            #expect(server.connection.isUnusable && !server.connection.isInTransaction)
        }
        // What was not sent completely was not done.
        let gone = try committing([])
        gone.hangUp()
        let certain = #expect(throws: PostgresError.self) { try gone.connection.commit() }
        #expect(certain?.kind == .connectionLost && certain?.isOutcomeUnknown == false)
        let silent = try committing([], closes: false, timeout: 50)
        let error = #expect(throws: PostgresError.self) { try silent.connection.commit() }
        #expect(error?.kind == .timeout && error?.isOutcomeUnknown == true)
    }

    @Test func theCommitOfAReadIsNotAwaited() throws {
        let server = ScriptedServer(Reply.begun + Reply.numbers([1], status: "T"), closes: false)
        try server.connection.begin(.readOnly)
        _ = try run(server.connection)
        _ = server.received
        try server.connection.commit()
        #expect(ScriptedServer.types(server.received) == "Q")
        #expect(server.connection.roundTrips == 1)
    }

    // MARK: Prepared statements

    @Test(arguments: ["26000", "42P05"])
    func aPoolerWithoutPreparedStatementsIsNoticed(state: String) throws {
        let server = ScriptedServer(
            Reply.error(state) + Reply.ready() + Reply.numbers([5]) + Reply.numbers([6]))
        #expect(try run(server.connection) == [5])
        #expect(try run(server.connection) == [6])
        // With a name once, and without from then on.
        let sent = server.received
        #expect(ScriptedServer.types(sent) == "PBDESPBDESPBDES")
        let names = ScriptedServer.messages(sent).filter { $0.type == "P" }.map { $0.body.prefix { $0 != 0 }.count }
        #expect(names == [33, 0, 0])
        #expect(!server.connection.statements.usesNames)
    }

    @Test func theFirstStatementOfATransactionIsRepeated() throws {
        // BEGIN has succeeded, so it must be rolled back.
        let server = ScriptedServer(
            Reply.begun + Reply.error("26000") + Reply.ready("E") + Reply.complete("ROLLBACK") + Reply.ready()
                + Reply.begun + Reply.numbers([5], status: "T"))
        try server.connection.begin(.readWrite)
        #expect(try run(server.connection) == [5])
        #expect(ScriptedServer.types(server.received) == "PBEPBDESQPBEPBDES")
    }

    @Test func aLaterStatementIsLeftToTheCaller() throws {
        let server = ScriptedServer(
            Reply.begun + Reply.numbers([5], status: "T") + Reply.error("26000") + Reply.ready("E"))
        try server.connection.begin(.readWrite)
        #expect(try run(server.connection) == [5])
        let error = #expect(throws: PostgresError.self) { try run(server.connection) }
        #expect(error?.mayRunAgain == true)
        #expect(!server.connection.isUnusable)
    }

    @Test func aPoolerThatNeverKnowsStatementsIsNotAskedForEver() throws {
        let server = ScriptedServer(
            Reply.error("26000") + Reply.ready() + Reply.error("26000") + Reply.ready())
        let error = #expect(throws: PostgresError.self) { try run(server.connection) }
        #expect(error?.mayRunAgain == false)
    }

    // MARK: Malformed answers

    @Test func lengthsAboveOneGibibyteAreRefused() throws {
        for length in [0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] {
            let server = ScriptedServer(
                Reply.parsed + Reply.bound + Reply.columns([20]) + [UInt8(ascii: "D")] + Reply.int32(length))
            server.connection.input.maximumLength = ReceiveBuffer.largestLength
            let error = #expect(throws: PostgresError.self) { try run(server.connection) }
            #expect(error?.kind == .protocolViolation && error?.message.contains("\(length)") == true)
            #expect(server.connection.isUnusable)
        }
        // Nothing is reserved for what is only announced.
        let server = ScriptedServer(
            Reply.parsed + Reply.bound + Reply.columns([20]) + [UInt8(ascii: "D")] + Reply.int32(0x3FFF_FFFF))
        server.connection.input.maximumLength = ReceiveBuffer.largestLength
        #expect(kind { _ = try run(server.connection) } == .connectionLost)
        // Messages without data are short.
        let long = ScriptedServer([UInt8(ascii: "Z")] + Reply.int32(30_001))
        #expect(kind { _ = try run(long.connection) } == .protocolViolation)
    }

    @Test(arguments: [
        Reply.row([]), Reply.row([nil, nil]), Reply.row([[1, 2, 3]]), Reply.row([[]]), Reply.message("D"),
        Reply.message("D", [0, 1]), Reply.message("D", Reply.int16(1) + Reply.int32(-2)),
        Reply.message("D", Reply.int16(1) + Reply.int32(9) + Reply.int8(1)),
        Reply.message("D", Reply.int16(1) + Reply.int32(8) + Reply.int8(1) + [0]),
        Reply.message("D", Reply.int16(1) + Reply.int32(0x7FFF_FFFF)), Reply.message("T", Reply.int16(-1)),
        Reply.message("T", Reply.int16(1) + [1]), Reply.message("Z"), Reply.message("Z", [1]), Reply.message("C"),
        Reply.message("C", [65]), Reply.message("E", [67]), Reply.message("E", []), Reply.message("S", [0]),
        Reply.message("G"), Reply.message("?"), Reply.ready(), Reply.message("R", Reply.int32(0)),
        [UInt8(ascii: "D")] + Reply.int32(3), [UInt8(ascii: "D")] + Reply.int32(-1),
    ])
    func aMalformedMessageIsAnError(message: [UInt8]) throws {
        let server = ScriptedServer(Reply.parsed + Reply.bound + Reply.columns([20]) + message + Reply.ready())
        #expect(kind { _ = try run(server.connection) } == .protocolViolation)
        #expect(server.connection.isUnusable)
    }

    @Test func rowsBeforeTheirDescriptionAreRefused() throws {
        let server = ScriptedServer(Reply.parsed + Reply.bound + Reply.row([Reply.int8(1)]))
        #expect(kind { _ = try run(server.connection) } == .protocolViolation)
        let begin = ScriptedServer(Reply.parsed + Reply.bound + Reply.row([]))
        try begin.connection.begin(.readOnly)
        #expect(kind { _ = try run(begin.connection) } == .protocolViolation)
    }
}
