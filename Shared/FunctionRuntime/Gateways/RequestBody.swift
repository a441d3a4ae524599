import Glibc
import Models
import Platform
import Wire

/// Reads the body of a request from a descriptor, all of it: servers that find bytes of it unread when
/// the process ends answer with an error of their own, and some wait for it before they take an answer.
struct RequestBody {
    private let descriptor: Int32
    /// What is read beyond it is forgotten.
    private let limit: Int

    private static let pieceSize = 128 * 1024

    /// - Parameter limit: the largest body that is taken, in bytes.
    init(from descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// - Parameter length: as the server tells it; empty when it does not know.
    /// - Parameter mayWait: with an unknown length, whether to wait for the end of the input. Servers
    ///   that know of no body need not close it.
    /// - Returns: the body; of one that is larger than the limit, a beginning that is larger too.
    func read(length: String, mayWait: Bool) throws -> [UInt8] {
        if length.isEmpty { return readToEnd(mayWait: mayWait) }
        guard let count = Self.number(length) else {
            _ = readToEnd(mayWait: false)
            throw APIError(.badRequest, "Content-Length is not a number")
        }
        guard count <= limit else {
            let head = try read(count: limit + 1)
            try skip(count - limit - 1)
            return head
        }
        return try read(count: count)
    }

    /// Digits alone; nil for anything else (RFC 9110 section 8.6).
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }

    private func read(count: Int) throws -> [UInt8] {
        let body = [UInt8](unsafeUninitializedCapacity: count) { space, used in
            while used < count {
                let got = Glibc.read(descriptor, space.baseAddress.map { $0 + used }, count - used)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                used += got
            }
        }
        if body.count < count { throw Self.cut }
        return body
    }

    private func skip(_ count: Int) throws {
        let piece = ByteBuffer(capacity: Self.pieceSize)
        var rest = count
        while rest > 0 {
            piece.removeAll()
            guard let got = Descriptor.read(from: descriptor, into: piece, atMost: min(rest, Self.pieceSize)), got > 0
            else { throw Self.cut }
            rest -= got
        }
    }

    private func readToEnd(mayWait: Bool) -> [UInt8] {
        let body = ByteBuffer()
        let excess = ByteBuffer()
        while mayWait || Descriptor.isReadable(descriptor) {
            excess.removeAll()
            let target = body.count > limit ? excess : body
            guard let got = Descriptor.read(from: descriptor, into: target, atMost: Self.pieceSize), got > 0 else {
                break
            }
        }
        return withExtendedLifetime(body) { Array(body.bytes) }
    }

    /// The client went away, or the server is confused: half an upload must not pass for a whole one.
    private static var cut: APIError { APIError(.badRequest, "The body ended before its Content-Length") }
}
