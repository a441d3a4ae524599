import Wire

/// Parses the output of `curl --include`: heads of interim responses, the head, the body.
struct ResponseParser {
    private static let headLimit = 64 << 10

    private let head = ByteBuffer()
    private var bodyRest: Int
    private(set) var hasHead = false

    init(bodyLimit: Int) { bodyRest = bodyLimit }

    /// Returns false if the receiver ends the exchange. Throws `.tooLarge`, `.interrupted`, and the receiver's errors.
    mutating func parse(_ piece: UnsafeBufferPointer<UInt8>, for receiver: some HTTPReceiver) throws -> Bool {
        if hasHead { return try pass(piece, to: receiver) }
        head.append(piece)
        while !hasHead, let end = headEnd {
            let parsed = try Self.parse(head.bytes[..<end])
            head.removeFirst(end)
            guard parsed.status >= 200 else { continue }
            hasHead = true
            if try !receiver.receive(parsed) { return false }
        }
        guard hasHead else {
            if head.count > Self.headLimit { throw OutboundError.tooLarge }
            return true
        }
        return try pass(head.bytes, to: receiver)
    }

    private mutating func pass(_ piece: UnsafeBufferPointer<UInt8>, to receiver: some HTTPReceiver) throws -> Bool {
        if piece.isEmpty { return true }
        guard piece.count <= bodyRest else { throw OutboundError.tooLarge }
        bodyRest -= piece.count
        return try receiver.receive(piece)
    }

    /// The end of the first head, including its empty line.
    private var headEnd: Int? {
        let bytes = head.bytes
        var lineLength = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                if lineLength == 0, index > 1 { return index + 1 }
                lineLength = 0
            } else if byte != UInt8(ascii: "\r") {
                lineLength += 1
            }
        }
        return nil
    }

    private static func parse(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(OutboundError) -> HTTPHead {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        let words = lines.first?.split(atByte: " ") ?? []
        guard words.count > 1, words[0].starts(withBytes: "HTTP/"), let status = Int(words[1]),
            (100...999).contains(status)
        else { throw .interrupted("no HTTP response") }
        let headers = lines.dropFirst().compactMap { line -> HTTPHead.Header? in
            guard let colon = line.firstIndex(ofByte: ":") else { return nil }
            let value = line[line.utf8.index(after: colon)...].trimmingBlanks
            return HTTPHead.Header(name: line[..<colon].lowercasedASCII, value: value)
        }
        return HTTPHead(status: status, headers: headers)
    }
}

extension Substring {
    /// Without surrounding spaces and tabs: RFC 9110 section 5.5.
    fileprivate var trimmingBlanks: String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }), let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first..<utf8.index(after: last)])
    }
}
