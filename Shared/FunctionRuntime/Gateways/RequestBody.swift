import Glibc
import Models
import Platform
import Wire

/// Reads the whole body of a request from a descriptor. If the process ends with part of the body unread, some servers
/// respond with their own error; others accept no response before they have sent all of it.
struct RequestBody {
    private let descriptor: Int32
    /// Bytes beyond this limit are read and discarded.
    private let limit: Int

    private static let pieceSize = 128 * 1024

    /// - Parameter limit: the largest accepted body, in bytes.
    init(from descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// - Parameter length: as given by the server; empty if the server does not know it.
    /// - Parameter mayWait: whether to wait for the end of the input if the length is unknown. Servers need not close
    ///   the input if there is no body.
    /// - Returns: the body, or a prefix larger than the limit if the body exceeds it.
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

    /// Only digits; nil for anything else (RFC 9110 section 8.6).
    private static func number(_ text: String) -> Int? {
        text.utf8.allSatisfy(ASCII.isDigit) ? Int(text) : nil
    }

    private func read(count: Int) throws -> [UInt8] {
        let body = [UInt8](unsafeUninitializedCapacity: count) { space, used in
            while used < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(space)[used..<count])
                guard case .bytes(let got) = Descriptor.read(descriptor, into: rest) else { return }
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

    /// The client disconnected, or the server is confused: half an upload must not be taken for a whole one.
    private static var cut: APIError { APIError(.badRequest, "The body ended before its Content-Length") }
}
