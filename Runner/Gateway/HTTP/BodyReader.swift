import HTTP
import Wire

/// Reads the body of one request from the connection's bytes, either of known length or chunked (RFC 9112 sections 6
/// and 7.1).
struct BodyReader {
    private enum State {
        case counted(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case complete
    }

    /// The longest accepted chunk-size line, with its extensions, or trailer.
    private static let maximumLine = 1024
    private static let maximumTrailers = 8 * 1024

    private var state: State
    private let maximumBytes: Int
    /// The error for a body with more bytes than this.
    private let excess: GatewayError
    private var received = 0
    private var trailerBytes = 0

    var isComplete: Bool { if case .complete = state { true } else { false } }

    init(_ head: RequestHead, maximumBytes: Int, excess: GatewayError) {
        self.maximumBytes = maximumBytes
        self.excess = excess
        if head.isChunked {
            state = .chunkSize
        } else {
            let length = head.contentLength ?? 0
            state = length == 0 ? .complete : .counted(remaining: length)
        }
    }

    /// Passes the body's bytes at the front of `bytes` to `take`.
    /// - Returns: how many bytes were used; the rest is an incomplete line or the next request.
    mutating func read(_ bytes: Bytes, _ take: (Bytes) -> Void) throws(GatewayError) -> Int {
        var used = 0
        while used < bytes.count {
            let rest = bytes.slice(from: used)
            switch state {
            case .complete:
                return used
            case .counted(let remaining):
                let count = min(remaining, rest.count)
                take(rest.slice(0..<count))
                used += count
                state = count == remaining ? .complete : .counted(remaining: remaining - count)
            case .chunkData(let remaining):
                let count = min(remaining, rest.count)
                take(rest.slice(0..<count))
                used += count
                state = count == remaining ? .chunkEnd : .chunkData(remaining: remaining - count)
            case .chunkSize, .chunkEnd, .trailers:
                guard let length = try readLine(rest) else { return used }
                used += length
            }
        }
        return used
    }

    /// Reads one line of the chunked coding.
    /// - Returns: its length, or nil if it is incomplete.
    private mutating func readLine(_ bytes: Bytes) throws(GatewayError) -> Int? {
        guard let lineFeed = bytes.first(ASCII.lineFeed) else {
            if bytes.count > Self.maximumLine { throw GatewayError(400, "A line of the chunked body is too long") }
            return nil
        }
        guard lineFeed > 0, lineFeed <= Self.maximumLine, bytes[lineFeed - 1] == ASCII.carriageReturn
        else { throw malformed }
        let line = bytes.slice(0..<lineFeed - 1)
        guard HeaderField.isValue(line) else { throw malformed }
        switch state {
        case .chunkSize:
            let size = try chunkSize(line)
            received += size
            guard received <= maximumBytes else { throw excess }
            state = size == 0 ? .trailers : .chunkData(remaining: size)
        case .chunkEnd:
            guard line.isEmpty else { throw malformed }
            state = .chunkSize
        default:
            // Trailers are read and dropped, because no function receives them.
            trailerBytes += line.count
            guard trailerBytes <= Self.maximumTrailers else { throw GatewayError(431, "The trailers are too long") }
            if line.isEmpty {
                state = .complete
            } else {
                guard let colon = line.first(UInt8(ascii: ":")), HeaderField.isToken(line.slice(0..<colon)) else {
                    throw malformed
                }
            }
        }
        return lineFeed + 1
    }

    private func chunkSize(_ line: Bytes) throws(GatewayError) -> Int {
        var size = 0
        var digits = 0
        while digits < line.count, let value = Hex.value(line[digits]) {
            size = size << 4 | Int(value)
            digits += 1
            if digits > 12 { throw malformed }
        }
        let extensions = line.slice(from: digits).trimmed
        guard digits > 0, extensions.isEmpty || extensions[0] == UInt8(ascii: ";") else { throw malformed }
        return size
    }

    private var malformed: GatewayError { GatewayError(400, "The chunked body is malformed") }

    static func tooLarge(_ maximumBytes: Int) -> GatewayError {
        GatewayError(413, "The body is larger than the \(maximumBytes) bytes that this endpoint accepts")
    }
}
