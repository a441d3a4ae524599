import Wire

/// The records of FastCGI 1.0 (specification, section 3.3 and appendix A).
enum FastCGI {
    static let version: UInt8 = 1
    static let headerSize = 8
    /// The largest multiple of 8 that fits into a record.
    static let maximumContent = 65_528
    static let responderRole: UInt16 = 1
    static let keepConnectionFlag: UInt8 = 1

    enum RecordType: UInt8 {
        case beginRequest = 1
        case abortRequest, endRequest, parameters, input, output, errors, data, getValues, getValuesResult, unknownType
    }

    enum ProtocolStatus: UInt8 { case complete, cannotMultiplex, overloaded, unknownRole }

    /// The bytes are not something that a FastCGI server sends.
    struct Malformed: Error, CustomStringConvertible { let description: String }

    struct Record {
        let type: UInt8
        /// 0 for records that concern the connection.
        let id: UInt16
        /// Valid until the buffer that it was read from changes.
        let content: UnsafeBufferPointer<UInt8>
        /// Includes the header and the padding.
        let size: Int

        /// The first record of `bytes`; nil if it is incomplete.
        init?(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(Malformed) {
            let bytes = UnsafeBufferPointer(rebasing: bytes)
            guard bytes.count >= headerSize else { return nil }
            guard bytes[0] == version else { throw Malformed(description: "version \(bytes[0]) is not supported") }
            let length = Int(bytes[4]) << 8 | Int(bytes[5])
            size = headerSize + length + Int(bytes[6])
            guard bytes.count >= size else { return nil }
            type = bytes[1]
            id = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            content = UnsafeBufferPointer(rebasing: bytes[headerSize..<headerSize + length])
        }
    }
}

extension ByteBuffer {
    /// - Parameter content: at most 65,535 bytes.
    func append(_ type: FastCGI.RecordType, id: UInt16, _ content: some Collection<UInt8>) {
        appendHeader(type, id: id, length: content.count)
        append(contentsOf: content)
    }

    func appendHeader(_ type: FastCGI.RecordType, id: UInt16, length: Int) {
        let length = UInt16(truncatingIfNeeded: length)
        append(contentsOf: [
            FastCGI.version, type.rawValue, UInt8(id >> 8), UInt8(id & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF),
            0, 0,
        ])
    }

    /// - Parameter exitStatus: the status with which a CGI process would exit after the same request.
    func appendEnd(id: UInt16, exitStatus: UInt8 = 0, _ status: FastCGI.ProtocolStatus) {
        append(.endRequest, id: id, [0, 0, 0, exitStatus, status.rawValue, 0, 0, 0])
    }
}

/// Names and values in FastCGI's encoding (section 3.4): a length takes one byte, or four if the highest bit is set.
struct FastCGIPairs {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next pair, valid as long as the bytes are; nil at the end.
    mutating func next() throws(FastCGI.Malformed) -> (
        name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
    )? {
        guard offset < bytes.count else { return nil }
        let (nameLength, valueLength) = (try length(), try length())
        return (try take(nameLength), try take(valueLength))
    }

    private mutating func length() throws(FastCGI.Malformed) -> Int {
        let first = try take(1)[0]
        guard first & 0x80 != 0 else { return Int(first) }
        let rest = try take(3)
        return Int(first & 0x7F) << 24 | Int(rest[0]) << 16 | Int(rest[1]) << 8 | Int(rest[2])
    }

    private mutating func take(_ count: Int) throws(FastCGI.Malformed) -> UnsafeBufferPointer<UInt8> {
        guard count <= bytes.count - offset else { throw FastCGI.Malformed(description: "a parameter is cut off") }
        defer { offset += count }
        return UnsafeBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    static func append(_ name: String, _ value: String, to buffer: ByteBuffer) {
        // NB: supports only short names and values, as ours are.
        buffer.append(UInt8(truncatingIfNeeded: name.utf8.count))
        buffer.append(UInt8(truncatingIfNeeded: value.utf8.count))
        buffer.append(name)
        buffer.append(value)
    }
}
