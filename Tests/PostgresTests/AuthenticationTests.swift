import Crypto
import Foundation
import Testing
import Wire

@testable import Postgres

/// Logging in to servers that behave well or badly.
struct AuthenticationTests {
    private static let address = try? PostgresAddress("postgres://user:pencil@h/d") { _ in nil }

    private func scram() -> SCRAM { SCRAM(password: "pencil", user: "user", nonce: "rOprNGfwEbeRWgbNEkqO") }

    private func answer(_ exchange: inout SCRAM, _ challenge: String) throws -> String {
        try Array(challenge.utf8).withUnsafeBufferPointer { try exchange.finalMessage(answering: $0) }
    }

    private func accepts(_ exchange: SCRAM, _ message: String) -> Bool {
        Array(message.utf8).withUnsafeBufferPointer { exchange.accepts($0) }
    }

    /// RFC 7677, section 3.
    @Test func theExchangeOfRFC7677Agrees() throws {
        var exchange = scram()
        #expect(exchange.firstMessage == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        #expect(
            try answer(&exchange, "r=\(nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
                == "c=biws,r=\(nonce),p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        #expect(accepts(exchange, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
        for wrong in ["v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8=", "v=", "", "e=other-error", "v=!"] {
            #expect(!accepts(exchange, wrong), "\(wrong)")
        }
    }

    @Test func nothingIsAcceptedBeforeTheProof() { #expect(!accepts(scram(), "v=")) }

    @Test(arguments: [
        "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",  // adds nothing to our nonce
        "r=sOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",  // another one
        "r=rOprNGfwEbeRWgbNEkqOxyz,s=,i=1", "r=rOprNGfwEbeRWgbNEkqOxyz,s=!,i=1",
        "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
        "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-5",
        "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",
        "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999",
        "r=rOprNGfwEbeRWgbNEkqOxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==", "m=x,r=a,s=b,i=1", "e=other-error", "", ",,,",
    ])
    func aBadChallengeIsRefused(challenge: String) {
        #expect {
            var exchange = scram()
            _ = try answer(&exchange, challenge)
        } throws: { ($0 as? PostgresError)?.kind == .authentication }
    }

    /// What a server does wrong after the client's first message of SCRAM.
    enum Misdeed: CaseIterable {
        case none, wrongSignature, noSignature, okAtOnce, otherNonce
    }

    @Test(arguments: Misdeed.allCases)
    func onlyAServerThatKnowsThePasswordIsAccepted(misdeed: Misdeed) throws {
        let exchange = Exchange(misdeed)
        let server = RespondingServer { exchange.respond($0) }
        let address = try #require(Self.address)
        guard misdeed != .none else {
            try server.connection.logIn(address)
            #expect(server.connection.roundTrips == 3)
            return
        }
        #expect {
            try server.connection.logIn(address)
        } throws: { ($0 as? PostgresError)?.kind == .authentication }
        #expect(server.connection.isUnusable)
    }

    /// The server's side.
    private final class Exchange: @unchecked Sendable {
        private let misdeed: Misdeed
        private var step = 0
        private var signed = ""
        private let salt = Array("salt".utf8)

        init(_ misdeed: Misdeed) { self.misdeed = misdeed }

        func respond(_ bytes: [UInt8]) -> [UInt8]? {
            let text = String(decoding: bytes, as: UTF8.self)
            step += 1
            switch step {
            case 1:
                return Reply.authentication(
                    10, Reply.string("SCRAM-SHA-256-PLUS") + Reply.string("SCRAM-SHA-256") + [0])
            case 2:
                if misdeed == .okAtOnce { return Reply.authentication(0) + Reply.ready() }
                let bare = text.components(separatedBy: "n,,").last ?? ""
                let nonce = misdeed == .otherNonce ? "other" : bare.components(separatedBy: "r=").last ?? ""
                let challenge = "r=\(nonce)more,s=\(Base64.encode(salt)),i=2"
                signed = "\(bare),\(challenge),c=biws,r=\(nonce)more"
                return Reply.authentication(11, Array(challenge.utf8))
            case 3:
                if misdeed == .noSignature { return Reply.authentication(0) + Reply.ready() }
                let salted = HMACSHA256(key: Array("pencil".utf8)).stretch(salt: salt, rounds: 2)
                let key = HMACSHA256(key: salted).authenticate(Array("Server Key".utf8))
                var signature = HMACSHA256(key: key).authenticate(Array(signed.utf8))
                if misdeed == .wrongSignature { signature[31] ^= 1 }
                return Reply.authentication(12, Array("v=\(Base64.encode(signature))".utf8)) + Reply.authentication(0)
                    + Reply.parameter("server_version", "17.0") + Reply.notice
                    + Reply.message("K", Reply.int32(1) + Reply.int32(2))
                    + Reply.ready()
            default: return nil
            }
        }
    }

    /// The password must not be sent to whoever asks for it.
    @Test(arguments: [3, 5, 7, 99])
    func unsafeMethodsAreRefusedAndNothingIsSent(method: Int) throws {
        let server = ScriptedServer(Reply.authentication(method, [1, 2, 3, 4]))
        #expect {
            try server.connection.logIn(try #require(Self.address))
        } throws: {
            ($0 as? PostgresError)?.kind == .authentication && "\($0)".contains("scram-sha-256")
        }
        let received = server.received
        #expect(received.count == Int(received[3]))
        #expect(!String(decoding: received, as: UTF8.self).contains("pencil"))
    }

    @Test func aServerWithoutSCRAMIsRefused() throws {
        let server = ScriptedServer(Reply.authentication(10, Reply.string("OTHER") + [0]))
        #expect {
            try server.connection.logIn(try #require(Self.address))
        } throws: { ($0 as? PostgresError)?.kind == .authentication }
    }

    /// Poolers refuse or pin sessions that ask for more.
    @Test func onlyThreeParametersAreSent() throws {
        let server = ScriptedServer(Reply.authentication(0) + Reply.parameter("server_version", "17.2") + Reply.ready())
        try server.connection.logIn(try #require(Self.address))
        #expect(server.connection.serverVersion == "17.2")
        let sent = server.received
        #expect(
            sent == Reply.int32(sent.count) + Reply.int32(196_608)
                + ["user", "user", "database", "d", "client_encoding", "UTF8", ""].flatMap(Reply.string))
    }

    @Test func whatIsNoServerIsRefused() throws {
        for said in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "N", ""] {
            let server = ScriptedServer(Array(said.utf8))
            #expect(throws: PostgresError.self) { try server.connection.logIn(try #require(Self.address)) }
            #expect(server.connection.isUnusable)
        }
    }

    @Test func anotherEncodingIsRefused() throws {
        let server = ScriptedServer(
            Reply.authentication(0) + Reply.parameter("client_encoding", "LATIN1") + Reply.ready())
        #expect {
            try server.connection.logIn(try #require(Self.address))
        } throws: { ($0 as? PostgresError)?.kind == .protocolViolation }
    }

    // MARK: Password files

    @Test func theFirstLineThatMatchesCounts() throws {
        let file = """
            # h:5432:d:user:comment
            h:5433:d:user:other port
            h:5432:d:user
            *:5432:d\\:x:*:escaped \\: and \\\\
            *:*:*:user:any:colons\r
            h:5432:d:user:too late
            """
        func password(_ url: String) throws -> String? {
            PasswordFile.password(in: file, for: try PostgresAddress(url) { _ in nil })
        }
        #expect(try password("postgres://user@h/d") == "any:colons")
        #expect(try password("postgres://user@h:5433/d") == "other port")
        #expect(try password("postgres://x@h/d%3Ax") == "escaped : and \\")
        #expect(try password("postgres://other@h/d") == nil)
    }

    @Test func aFileThatOthersMayReadIsRefused() throws {
        let path = NSTemporaryDirectory() + "pgpass-\(UUID().uuidString)"
        try Data("*:*:*:*:found\n".utf8).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let address = try PostgresAddress("postgres://user@h/d") { ["PGPASSFILE": path][$0] }
        chmod(path, 0o640)
        #expect { try address.passwordToSend() } throws: { "\($0)".contains("chmod 600") }
        chmod(path, 0o600)
        #expect(try address.passwordToSend() == "found")
        let folder = try PostgresAddress("postgres://user@h/d") { ["PGPASSFILE": NSTemporaryDirectory()][$0] }
        #expect(throws: PostgresError.self) { try folder.passwordToSend() }
    }
}
