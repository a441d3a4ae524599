import Platform
import Wire

/// Where a server is, and how to log in to it.
///
/// ```
/// postgres://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=VALUE&…
/// postgres://USER@/DATABASE?host=/var/run/postgresql
/// ```
///
/// The parts are percent-encoded. `host`, `port`, `user`, `password` and `dbname` may also be options, as in libpq. Other
/// options: `sslmode`, `sslrootcert` and `channel_binding`, also as in libpq, except that `sslmode` is `verify-full` by
/// default where a build has TLS and the host is not this machine; `prepared=no` for poolers that do not know prepared
/// statements; `connect_timeout` in seconds.
public struct PostgresAddress: Sendable {
    /// A name, an IP address, or the folder of a Unix socket.
    public private(set) var host = "localhost"
    public private(set) var port: UInt16 = 5432
    public private(set) var user = ""
    public private(set) var database = ""
    /// Whether statements are prepared under names. Poolers may not know these.
    public private(set) var usesNamedStatements = true
    /// How long to wait for a connection, in milliseconds; nil for the time limit of everything else.
    public private(set) var connectTimeout: Int?
    /// Of the URL.
    private var namedMode: SSLMode?
    /// The file of `sslrootcert`, or `system`; nil if the URL does not name it.
    private(set) var rootCertificates: String?
    private(set) var channelBinding = ChannelBindingUse.prefer
    private var password: String?
    private var passwordFile: PasswordFile?

    /// - Parameter environment: looks up `PGPASSWORD` and `PGPASSFILE`, which apply if the URL has no password.
    /// - Throws: `.configuration`. The message never has the password.
    public init(_ url: String, environment: (String) -> String? = Environment.value) throws(PostgresError) {
        guard let rest = url.without(prefix: "postgres://") ?? url.without(prefix: "postgresql://") else {
            throw .address("it does not begin with postgres://")
        }
        let location = rest.prefix(beforeAnyOf: "?#")
        let authority = location.prefix(beforeAnyOf: "/")
        try read(authority: authority)
        if authority.endIndex < location.endIndex {
            database = try Self.decode(location[location.utf8.index(after: authority.endIndex)...])
        }
        if location.endIndex < rest.endIndex {
            guard rest.utf8[location.endIndex] == UInt8(ascii: "?") else {
                throw .address("# must be written as %23, and ? as %3F")
            }
            for option in rest[rest.utf8.index(after: location.endIndex)...].split(atByte: "&") {
                let parts = option.split(atByte: "=", maxSplits: 1, omittingEmptySubsequences: false)
                try read(option: try Self.decode(parts[0]), parts.count == 2 ? try Self.decode(parts[1]) : "")
            }
        }
        guard !user.isEmpty else { throw .address("it names no user") }
        if database.isEmpty { database = user }
        try checkEncryption()
        password = password ?? environment("PGPASSWORD").flatMap { $0.isEmpty ? nil : $0 }
        passwordFile = PasswordFile(environment)
    }

    /// Lets a connection take no longer than that, in milliseconds.
    public mutating func limitConnecting(to milliseconds: Int) {
        connectTimeout = min(connectTimeout ?? milliseconds, milliseconds)
    }

    var isUnixSocket: Bool { host.starts(withBytes: "/") }

    var socketPath: String { "\(host)/.s.PGSQL.\(port)" }

    /// Whether the host is a loopback address (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
    private var isThisMachine: Bool {
        guard let address = IPAddress(host)?.unmapped else {
            return host.lowercasedASCII.hasSameBytes(as: "localhost")
        }
        return address.isIPv4 ? address.bytes.first == 127 : address == IPAddress("::1")
    }

    /// What the URL says. NB: libpq's default is `prefer`, which protects from nobody who can change packets.
    var sslMode: SSLMode {
        if isUnixSocket { return .disable }
        if let namedMode { return namedMode }
        let asksForProof = rootCertificates != nil || channelBinding == .require
        return asksForProof || SSLMode.hasTLS && !isThisMachine ? .verifyName : .disable
    }

    /// Whether an authority must vouch for the server. As in libpq, `require` with a file of authorities wants it, too.
    var verifiesAuthority: Bool {
        sslMode == .verifyAuthority || sslMode == .verifyName || sslMode == .require && rootCertificates != nil
    }

    /// The password, from the URL, the environment or the password file.
    func passwordToSend() throws(PostgresError) -> String {
        if let password { return password }
        if let found = try passwordFile?.password(for: self) { return found }
        throw PostgresError(
            .configuration,
            "The server asks for the password of \(user), and none is in the URL, PGPASSWORD or the file of PGPASSFILE")
    }

    // MARK: Parts

    private mutating func read(authority: Substring) throws(PostgresError) {
        var location = authority
        if let at = authority.lastIndex(ofByte: "@") {
            let account = authority[..<at].split(atByte: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try account.first.map { part throws(PostgresError) in try Self.decode(part) } ?? ""
            if account.count == 2 { password = try Self.decode(account[1]) }
            location = authority[authority.utf8.index(after: at)...]
        }
        let end: Substring.Index
        if location.starts(withBytes: "[") {
            guard let bracket = location.firstIndex(ofByte: "]") else { throw .address("the host lacks a ]") }
            host = String(location[location.utf8.index(after: location.startIndex)..<bracket])
            guard IPAddress(host) != nil else { throw .address("[\(host)] is no IPv6 address") }
            end = location.utf8.index(after: bracket)
        } else {
            let name = location.prefix(beforeAnyOf: ":")
            if !name.isEmpty { try set(host: try Self.decode(name)) }
            end = name.endIndex
        }
        guard end < location.endIndex else { return }
        guard location.utf8[end] == UInt8(ascii: ":") else { throw .address("the host is malformed") }
        try set(port: String(location[location.utf8.index(after: end)...]))
    }

    private mutating func read(option name: String, _ value: String) throws(PostgresError) {
        switch name {
        case "host": try set(host: value)
        case "port": try set(port: value)
        case "user": user = value
        case "password": password = value
        case "dbname": database = value
        case "sslmode":
            guard let mode = SSLMode(rawValue: value) else { throw .address("sslmode=\(value) is not known") }
            namedMode = mode
        case "sslrootcert": rootCertificates = value.isEmpty ? nil : value
        case "prepared": usesNamedStatements = try Self.flag(name, value)
        // What other clients call the same.
        case "pgbouncer": usesNamedStatements = try !Self.flag(name, value)
        case "connect_timeout":
            guard let seconds = Int(value), (0...86_400).contains(seconds) else {
                throw .address("connect_timeout is a number of seconds")
            }
            connectTimeout = seconds == 0 ? nil : seconds * 1000
        case "channel_binding":
            guard let use = ChannelBindingUse(rawValue: value) else {
                throw .address("channel_binding is disable, prefer or require")
            }
            channelBinding = use
        // NB: never sent. Poolers that share sessions refuse it, or stop sharing.
        case "application_name", "fallback_application_name": break
        case "client_encoding":
            guard ["utf8", "utf-8", "auto"].contains(value.lowercasedASCII) else {
                throw .address("text is always UTF-8")
            }
        default: throw .address("the option \(name) is not known")
        }
    }

    private mutating func set(host: String) throws(PostgresError) {
        guard !host.contains(byte: ",") else { throw .address("it has several hosts; only one is supported") }
        self.host = host
    }

    private mutating func set(port: String) throws(PostgresError) {
        guard !port.isEmpty else { return }
        guard port.utf8.allSatisfy(ASCII.isDigit), let number = UInt16(port), number > 0 else {
            throw .address("the port is no number from 1 to 65535")
        }
        self.port = number
    }

    /// Refuses options of TLS that contradict each other, or that this build cannot fulfil.
    private func checkEncryption() throws(PostgresError) {
        if !SSLMode.hasTLS, sslMode.needsTLS {
            let option =
                namedMode.map { "sslmode=\($0.rawValue)" }
                ?? (rootCertificates == nil ? "channel_binding=require" : "sslrootcert")
            throw PostgresError(
                .configuration,
                """
                DATABASE_URL has \(option), and these functions were built without TLS. Build them with \
                NEXLAYER_TLS=openssl make build; or run PgBouncer or stunnel beside them, which speaks TLS to the server, \
                and connect to that
                """)
        }
        if channelBinding == .require, sslMode == .disable { throw .address("channel_binding=require needs TLS") }
        // As in libpq: everybody can get a certificate of these authorities, for a name of their own.
        if !isUnixSocket, rootCertificates?.hasSameBytes(as: "system") == true, sslMode != .verifyName {
            throw .address("sslrootcert=system needs sslmode=verify-full")
        }
    }

    private static func flag(_ name: String, _ value: String) throws(PostgresError) -> Bool {
        switch value {
        case "yes", "true", "1", "on": true
        case "no", "false", "0", "off": false
        default: throw .address("\(name) is yes or no")
        }
    }

    /// Decodes percent-encoding (RFC 3986 section 2.1). NB: strictly, so that a password with a bare % is not sent
    /// wrongly.
    private static func decode(_ text: Substring) throws(PostgresError) -> String {
        var decoded: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hex.value), let low = rest.popFirst().flatMap(Hex.value) else {
                throw .address("a % must be written as %25")
            }
            decoded.append(high << 4 | low)
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw .address("it is not UTF-8")
        }
        return text
    }
}

extension PostgresAddress: CustomStringConvertible {
    /// Without the password, for logs.
    public var description: String {
        isUnixSocket ? "\(database) at \(socketPath)" : "\(database) at \(host):\(port)"
    }
}

extension PostgresError {
    fileprivate static func address(_ problem: String) -> PostgresError {
        PostgresError(.configuration, problem)
    }
}
