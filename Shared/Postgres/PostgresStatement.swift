import Crypto
import Wire

/// The text of a statement, with `$1`, `$2` and so on for its parameters.
///
/// Make one for each text and keep it. It finds what a connection knows about the statement, so that its text is sent
/// only once.
public final class PostgresStatement {
    public let text: [UInt8]
    /// For each connection and each combination of its parameters' types.
    @exclusivity(unchecked) fileprivate var known: [PreparedStatement] = []

    public init(_ text: String) { self.text = Array(text.utf8) }

    public init(_ text: ByteBuffer) { self.text = Array(text.bytes) }
}

/// What one connection knows about a statement.
final class PreparedStatement {
    /// A hash of the text and the types. NB: behind a pooler, a counted name could be another client's statement, which
    /// would run with our parameters.
    let name: [UInt8]
    let text: [UInt8]
    let types: [UInt32]
    fileprivate let owner: StatementCache
    /// Whether the server has it under its name.
    @exclusivity(unchecked) var isPrepared = false
    /// The last flight of the connection that tells the server to prepare it.
    @exclusivity(unchecked) var flight = -1
    /// Nil until the server has described them.
    @exclusivity(unchecked) var columns: [ColumnKind]?
    /// Whether it was closed. Others with the same text may still refer to it.
    fileprivate var isClosed = false

    fileprivate init(name: [UInt8], text: [UInt8], types: [UInt32], owner: StatementCache) {
        self.name = name
        self.text = text
        self.types = types
        self.owner = owner
    }
}

/// The prepared statements of one connection.
final class StatementCache {
    /// Two statements with the same text share one.
    private var statements: [[UInt8]: PreparedStatement] = [:]
    /// Whether statements have names. Without them, each is parsed again for every execution.
    private(set) var usesNames: Bool
    private var hasEnded = false

    init(usesNames: Bool) { self.usesNames = usesNames }

    func prepared(_ statement: PostgresStatement, types: [UInt32]) -> PreparedStatement {
        for known in statement.known where known.owner === self && known.types == types && !known.isClosed {
            return known
        }
        let name = Self.name(of: statement.text, types)
        let prepared =
            statements[name]
            ?? PreparedStatement(name: name, text: statement.text, types: types, owner: self)
        statements[name] = prepared
        statement.known.removeAll { $0.owner.hasEnded || $0.isClosed }
        statement.known.append(prepared)
        return prepared
    }

    /// Forgets a statement.
    /// - Returns: the names under which the server has it.
    func remove(_ statement: PostgresStatement) -> [[UInt8]] {
        let removed = statement.known.filter { $0.owner === self && !$0.isClosed }
        statement.known.removeAll { $0.owner === self }
        for prepared in removed {
            statements[prepared.name] = nil
            prepared.isClosed = true
        }
        return removed.filter(\.isPrepared).map(\.name)
    }

    /// From now on, statements have no names.
    func stopUsingNames() {
        usesNames = false
        for prepared in statements.values { prepared.isPrepared = false }
    }

    /// Releases the statements when their connection ends.
    func end() {
        hasEnded = true
        statements = [:]
    }

    /// 128 bits of SHA-256, in hexadecimal.
    private static func name(of text: [UInt8], _ types: [UInt32]) -> [UInt8] {
        var hash = SHA256()
        hash.update(text)
        let list = ByteBuffer(capacity: 4 * types.count + 1)
        list.append(0)
        for type in types { list.append(bigEndian: type) }
        withExtendedLifetime(list) { hash.update(list.bytes) }
        return Array("n\(Hex.encode(hash.finalize().prefix(16)))".utf8)
    }
}

/// The values of one execution, in the order of the parameters. The type that the server is told follows from the
/// value; values travel in binary.
public final class PostgresParameters {
    let values = ByteBuffer(capacity: 1024)
    @exclusivity(unchecked) private(set) var types: [UInt32] = []

    /// NULL, of the type that the server infers. Where it cannot (`$1 IS NULL`), write a cast.
    public func appendNull() {
        types.append(0)
        values.append(int32: -1)
    }

    /// The types of values.
    public enum ValueType: UInt32, Sendable { case bool = 16, blob = 17, integer = 20, text = 25, real = 701 }

    /// NULL of a type, so that a statement need not be prepared again where there is a value.
    public func appendNull(of type: ValueType) {
        types.append(type.rawValue)
        values.append(int32: -1)
    }

    public func append(_ value: Bool) {
        begin(type: 16, length: 1)
        values.append(value ? 1 : 0)
    }

    /// An `int8`.
    public func append(_ value: Int64) {
        begin(type: 20, length: 8)
        values.append(bigEndian: value)
    }

    /// A `float8`.
    public func append(_ value: Double) {
        begin(type: 701, length: 8)
        values.append(bigEndian: value.bitPattern)
    }

    public func append(_ text: String) {
        begin(type: 25, length: text.utf8.count)
        values.append(text)
    }

    /// A text in UTF-8.
    public func append(text: Bytes) {
        begin(type: 25, length: text.count)
        values.append(text)
    }

    /// A `bytea`.
    public func append(blob: some Collection<UInt8>) {
        begin(type: 17, length: blob.count)
        values.append(contentsOf: blob)
    }

    /// An `int8[]`.
    public func append(_ elements: [Int64]) {
        beginArray(type: 1016, of: 20, elements.count, length: elements.count * 8)
        for element in elements {
            values.append(int32: 8)
            values.append(bigEndian: element)
        }
    }

    /// A `bytea[]`.
    public func append(blobs elements: [[UInt8]]) {
        beginArray(type: 1001, of: 17, elements.count, length: elements.reduce(0) { $0 + $1.count })
        for element in elements {
            values.append(int32: element.count)
            values.append(contentsOf: element)
        }
    }

    /// - Parameter length: that of all elements.
    private func beginArray(type: UInt32, of element: UInt32, _ count: Int, length: Int) {
        begin(type: type, length: 12 + (count > 0 ? 8 : 0) + 4 * count + length)
        // Dimensions, flags, the type of an element.
        for number in [count > 0 ? 1 : 0, 0, Int(element)] { values.append(int32: number) }
        // Elements, the index of the first.
        if count > 0 { for number in [count, 1] { values.append(int32: number) } }
    }

    private func begin(type: UInt32, length: Int) {
        types.append(type)
        values.append(int32: length)
    }

    func removeAll() {
        types.removeAll(keepingCapacity: true)
        values.removeAll()
    }

    /// Throws if there are more or larger values than a message can have.
    func check(textLength: Int) throws(PostgresError) {
        guard types.count <= Self.maximumCount else {
            throw PostgresError(.misuse, "A statement has \(types.count) parameters, more than \(Self.maximumCount)")
        }
        guard values.count + textLength < ReceiveBuffer.largestLength - Self.overhead else {
            throw PostgresError(.misuse, "The parameters of a statement have \(values.count) bytes, more than 1 GiB")
        }
    }

    private static let maximumCount = 65_535
    /// More than the rest of a message takes.
    private static let overhead = 512 * 1024
}
