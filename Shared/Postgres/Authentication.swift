import Crypto
import Wire

/// Logging in.
extension PostgresConnection {
    /// Sends the first message, proves who we are, and waits until the server is ready.
    func logIn(_ address: PostgresAddress) throws(PostgresError) {
        do throws(PostgresError) {
            output.appendStartup(user: address.user, database: address.database)
            try send()
            try authenticate(address)
            try awaitReady()
        } catch {
            var error = ended(by: error)
            error.isOutcomeUnknown = false
            throw error
        }
        input.maximumLength = ReceiveBuffer.largestLength
    }

    /// The number at the beginning of each message of type R.
    private enum Request {
        static let ok = 0
        static let cleartextPassword = 3
        static let md5Password = 5
        static let sasl = 10
        static let saslContinue = 11
        static let saslFinal = 12
    }

    private func authenticate(_ address: PostgresAddress) throws(PostgresError) {
        var isBound = address.channelBinding != .require
        while true {
            var (request, reader) = try authenticationRequest()
            switch request {
            case Request.ok:
                guard isBound else { throw .unbound }
                return
            case Request.sasl:
                var (offersSCRAM, offersBinding) = (false, false)
                while case let mechanism = try reader.string(), !mechanism.isEmpty {
                    offersSCRAM = offersSCRAM || mechanism.equals("SCRAM-SHA-256")
                    offersBinding = offersBinding || mechanism.equals("SCRAM-SHA-256-PLUS")
                }
                let hash = address.channelBinding == .disable ? nil : transport.channelBinding
                let binding = SCRAM.Binding(hash, isOffered: offersBinding)
                guard offersSCRAM || binding.isUsed else {
                    throw PostgresError(.authentication, "The server does not offer SCRAM-SHA-256")
                }
                guard isBound || binding.isUsed else { throw .unbound }
                try authenticate(SCRAM(password: address.passwordToSend(), binding: binding))
                isBound = true
            case Request.cleartextPassword:
                guard isBound else { throw .unbound }
                guard transport.isSecured else { throw .unsafe(method: "password (in plain text)") }
                output.appendPassword(try address.passwordToSend())
                try send()
            case Request.md5Password: throw .unsafe(method: "md5")
            default:
                throw PostgresError(
                    .authentication,
                    "The server asks for an unknown method of authentication (\(request)); set scram-sha-256 for it")
            }
        }
    }

    /// Runs an exchange of SCRAM. Only a server that knows the password, or what was derived from it, can end it.
    private func authenticate(_ exchange: SCRAM) throws(PostgresError) {
        var exchange = exchange
        output.appendSASLInitialResponse(mechanism: exchange.mechanism, exchange.firstMessage)
        try send()
        var (request, reader) = try authenticationRequest()
        guard request == Request.saslContinue else { throw .unproven }
        output.appendSASLResponse(try exchange.finalMessage(answering: reader.rest()))
        try send()
        (request, reader) = try authenticationRequest()
        guard request == Request.saslFinal, exchange.accepts(reader.rest()) else { throw .unproven }
    }

    /// The next request, after its number.
    private func authenticationRequest() throws(PostgresError) -> (Int, MessageReader) {
        let message = try nextMessage()
        switch message.type {
        case UInt8(ascii: "R"):
            var reader = MessageReader(message.body)
            return (try reader.int32(), reader)
        case UInt8(ascii: "E"): throw try PostgresError.reported(message.body)
        default: throw .unexpected(message)
        }
    }

    private func awaitReady() throws(PostgresError) {
        while true {
            let message = try nextMessage()
            switch message.type {
            // BackendKeyData, NegotiateProtocolVersion
            case UInt8(ascii: "K"), UInt8(ascii: "v"): continue
            case UInt8(ascii: "E"): throw try PostgresError.reported(message.body)
            case UInt8(ascii: "Z"): return try readStatus(message)
            default: throw .unexpected(message)
            }
        }
    }
}

/// The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677).
struct SCRAM {
    /// Whether the proof is for one channel only (RFC 5802 section 6).
    enum Binding {
        case unsupported
        /// NB: a server that does offer it then knows that somebody has removed its offer.
        case notOffered
        /// With what names the channel.
        case used([UInt8])

        init(_ channel: [UInt8]?, isOffered: Bool) {
            self = channel.map { isOffered ? .used($0) : .notOffered } ?? .unsupported
        }

        var isUsed: Bool {
            if case .used = self { true } else { false }
        }

        /// The beginning of the first message.
        fileprivate var header: String {
            switch self {
            case .unsupported: "n,,"
            case .notOffered: "y,,"
            case .used: "p=tls-server-end-point,,"
            }
        }

        fileprivate var channel: [UInt8] {
            if case .used(let channel) = self { channel } else { [] }
        }
    }

    private let password: [UInt8]
    private let binding: Binding
    private let nonce: String
    private let firstMessageBare: String
    private var serverSignature: [UInt8]?

    /// - Parameters:
    ///   - password: NB: composed (NFC), while RFC 4013 wants NFKC; they differ for compatibility characters only.
    ///   - user: PostgreSQL ignores it, and takes the one of the first message.
    ///   - nonce: printable characters except the comma, new for every exchange.
    init(
        password: String, user: String = "", binding: Binding = .unsupported,
        nonce: String = Base64.encode(secureRandomBytes(18))
    ) {
        self.password = Array(password.composed.utf8)
        self.binding = binding
        self.nonce = nonce
        firstMessageBare = "n=\(user),r=\(nonce)"
    }

    var mechanism: String { binding.isUsed ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256" }

    var firstMessage: String { binding.header + firstMessageBare }

    /// The client's proof, in answer to `r=NONCE,s=SALT,i=ROUNDS`.
    mutating func finalMessage(answering challenge: Bytes) throws(PostgresError) -> String {
        let challenge = challenge.text
        var parts = challenge.split(atByte: ",", omittingEmptySubsequences: false)[...]
        guard let serverNonce = parts.popFirst()?.without(prefix: "r="),
            let salt = parts.popFirst()?.without(prefix: "s=").flatMap({ Base64.decode(String($0)) }), !salt.isEmpty,
            let rounds = parts.popFirst()?.without(prefix: "i=").flatMap({ Int($0) }), rounds > 0
        else { throw PostgresError(.authentication, "The server's challenge is malformed") }
        guard serverNonce.starts(withBytes: nonce), serverNonce.utf8.count > nonce.utf8.count else { throw .unproven }
        guard rounds <= Self.maximumRounds else {
            throw PostgresError(
                .authentication, "The password's hash takes \(rounds) rounds, more than \(Self.maximumRounds)")
        }
        let withoutProof = "c=\(Base64.encode(Array(binding.header.utf8) + binding.channel)),r=\(serverNonce)"
        let signed = Array("\(firstMessageBare),\(challenge),\(withoutProof)".utf8)
        let salted = HMACSHA256(key: password).stretch(salt: salt, rounds: rounds)
        let keys = HMACSHA256(key: salted)
        let clientKey = keys.authenticate(Array("Client Key".utf8))
        let signature = HMACSHA256(key: SHA256.hash(clientKey)).authenticate(signed)
        serverSignature = HMACSHA256(key: keys.authenticate(Array("Server Key".utf8))).authenticate(signed)
        return "\(withoutProof),p=\(Base64.encode(zip(clientKey, signature).map { $0 ^ $1 }))"
    }

    /// A server asks for 4,096 by default. A hostile one could ask for hours of work.
    private static let maximumRounds = 1_000_000

    /// Whether the server's last message, `v=SIGNATURE`, proves that it knows the password's hash.
    func accepts(_ message: Bytes) -> Bool {
        guard let serverSignature, let signature = message.text.without(prefix: "v=").map({ Base64.decode(String($0)) })
        else { return false }
        return equalInConstantTime(signature ?? [], serverSignature)
    }
}

extension PostgresError {
    fileprivate static var unproven: PostgresError {
        PostgresError(.authentication, "The server has not proved that it knows the password")
    }

    fileprivate static var unbound: PostgresError {
        PostgresError(
            .authentication, "The server has not proved that TLS ends there, which channel_binding=require asks for")
    }

    fileprivate static func unsafe(method: String) -> PostgresError {
        PostgresError(
            .authentication,
            """
            The server asks for the password by the method \(method), which is not safe without sslmode=verify-full. \
            Set password_encryption = 'scram-sha-256', give the role its password once more, and let pg_hba.conf say \
            scram-sha-256; for PgBouncer, set auth_type = scram-sha-256
            """)
    }
}
