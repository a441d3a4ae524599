import Wire

/// Encodes the messages that a client sends (PostgreSQL's documentation, "Message Formats").
extension ByteBuffer {
    /// The first message of a session. Poolers pin a session, or refuse it, if it asks for more.
    func appendStartup(user: String, database: String) {
        let length = user.utf8.count + database.utf8.count + Self.startupLength
        append(int32: length)
        append(int32: Self.protocolVersion)
        for text in ["user", user, "database", database, "client_encoding", "UTF8", ""] { append(string: text.utf8) }
    }

    private static let protocolVersion = 3 << 16
    /// The length without the two values: two numbers, three names, `UTF8` and six zeros, and the one at the end.
    private static let startupLength = 8 + "user".count + "database".count + "client_encoding".count + "UTF8".count + 7

    /// Checks a statement, and prepares it under a name; empty for the one that the next such message replaces.
    /// - Parameter types: the object identifiers of the parameters' types; 0 lets the server choose.
    func appendParse(name: [UInt8], text: [UInt8], types: [UInt32]) {
        append(UInt8(ascii: "P"))
        append(int32: 4 + name.count + 1 + text.count + 1 + 2 + 4 * types.count)
        append(string: name)
        append(string: text)
        append(int16: types.count)
        for type in types { append(int32: Int(type)) }
    }

    /// Makes the unnamed portal of a prepared statement. All parameters and columns are binary.
    /// - Parameter values: `count` values, each after its length.
    func appendBind(name: [UInt8], values: ByteBuffer, count: Int) {
        append(UInt8(ascii: "B"))
        append(int32: 4 + 1 + name.count + 1 + 4 + 2 + values.count + 4)
        append(string: [])
        append(string: name)
        appendBinaryFormat()
        append(int16: count)
        append(values)
        appendBinaryFormat()
    }

    /// One format for all values.
    private func appendBinaryFormat() {
        append(int16: 1)
        append(int16: 1)
    }

    /// Asks for the columns of the unnamed portal.
    func appendDescribe() {
        append(UInt8(ascii: "D"))
        append(int32: 6)
        append(UInt8(ascii: "P"))
        append(string: [])
    }

    /// Runs the unnamed portal for at most `limit` rows; 0 for all.
    func appendExecute(limit: Int) {
        append(UInt8(ascii: "E"))
        append(int32: 9)
        append(string: [])
        append(int32: limit)
    }

    func appendSync() {
        append(UInt8(ascii: "S"))
        append(int32: 4)
    }

    /// Forgets a prepared statement.
    func appendClose(name: [UInt8]) {
        append(UInt8(ascii: "C"))
        append(int32: 6 + name.count)
        append(UInt8(ascii: "S"))
        append(string: name)
    }

    /// Statements without parameters, separated by semicolons.
    func appendQuery(_ text: String) {
        append(UInt8(ascii: "Q"))
        append(int32: 4 + text.utf8.count + 1)
        append(string: text.utf8)
    }

    /// The choice of a mechanism and its first message.
    func appendSASLInitialResponse(mechanism: String, _ text: String) {
        append(UInt8(ascii: "p"))
        append(int32: 4 + mechanism.utf8.count + 1 + 4 + text.utf8.count)
        append(string: mechanism.utf8)
        append(int32: text.utf8.count)
        append(text)
    }

    func appendSASLResponse(_ text: String) {
        append(UInt8(ascii: "p"))
        append(int32: 4 + text.utf8.count)
        append(text)
    }

    func appendPassword(_ password: String) {
        append(UInt8(ascii: "p"))
        append(int32: 4 + password.utf8.count + 1)
        append(string: password.utf8)
    }

    func appendTerminate() {
        append(UInt8(ascii: "X"))
        append(int32: 4)
    }

    // MARK: Parts

    func append(int16 value: Int) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    func append(int32 value: Int) { append(bigEndian: UInt32(truncatingIfNeeded: value)) }

    func append(bigEndian value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { append($0.assumingMemoryBound(to: UInt8.self)) }
    }

    /// The bytes and a zero.
    private func append(string bytes: some Collection<UInt8>) {
        append(contentsOf: bytes)
        append(0)
    }
}

/// Decodes the parts of a message that a server has sent.
struct MessageReader {
    private let bytes: Bytes
    private var position = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(PostgresError) -> UInt8 { try take(1)[0] }

    mutating func int16() throws(PostgresError) -> Int {
        let taken = try take(2)
        return Int(Int16(bitPattern: UInt16(taken[0]) << 8 | UInt16(taken[1])))
    }

    mutating func int32() throws(PostgresError) -> Int {
        let taken = try take(4)
        return Int(Int32(truncatingIfNeeded: taken.reduce(0) { $0 << 8 | Int($1) }))
    }

    /// The bytes before the next zero, which is skipped.
    mutating func string() throws(PostgresError) -> Bytes {
        guard let end = bytes.first(0, from: position) else { throw .malformed }
        defer { position = end + 1 }
        return bytes.slice(position..<end)
    }

    mutating func rest() -> Bytes {
        defer { position = bytes.count }
        return bytes.slice(from: position)
    }

    private mutating func take(_ count: Int) throws(PostgresError) -> Bytes {
        guard count <= bytes.count - position else { throw .malformed }
        defer { position += count }
        return bytes.slice(position..<(position + count))
    }
}

extension PostgresError {
    static var malformed: PostgresError { PostgresError(.protocolViolation, "The server sent a malformed message") }

    static func unexpected(_ message: Message) -> PostgresError {
        PostgresError(
            .protocolViolation, "The server sent an unexpected message of type \(Unicode.Scalar(message.type))")
    }

    /// Decodes ErrorResponse.
    static func reported(_ body: Bytes) throws(PostgresError) -> PostgresError {
        var reader = MessageReader(body)
        var error = PostgresError(.server, "")
        error.severity = .error
        while case let field = try reader.byte(), field != 0 {
            let value = try reader.string()
            switch field {
            case UInt8(ascii: "V"):
                error.severity = value.equals("FATAL") ? .fatal : value.equals("PANIC") ? .panic : .error
            case UInt8(ascii: "C"): error.sqlState = SQLState(value)
            case UInt8(ascii: "M"): error.message = value.text
            case UInt8(ascii: "D"): error.detail = value.text
            case UInt8(ascii: "H"): error.hint = value.text
            case UInt8(ascii: "n"): error.constraint = value.text
            case UInt8(ascii: "t"): error.table = value.text
            case UInt8(ascii: "c"): error.column = value.text
            default: break
            }
        }
        let isConflict = error.sqlState == .serializationFailure || error.sqlState == .deadlockDetected
        error.mayRunAgain = isConflict && !error.endsConnection
        return error
    }
}
