import CPlatform
import Glibc
import Platform
import Wire

/// A persistent connection to an HTTP/1.1 server on this machine (RFC 9112).
final class HTTPConnection {
    struct Response {
        var status = 0
        /// Names in lower case.
        var headers: [(name: String, value: String)] = []
        let body = ByteBuffer()

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    struct Failure: Error, CustomStringConvertible { let description: String }

    private let descriptor: Int32
    private let input = ByteBuffer()
    let output: OutputBuffer
    /// Whether another request can follow.
    private(set) var isReusable = true

    private static let headLimit = 64 * 1024
    private static let readSize = 64 * 1024

    /// - Parameter address: numeric, or `localhost`.
    init(to address: IPAddress, port: UInt16) throws(Failure) {
        descriptor = socket(address.isIPv4 ? AF_INET : AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        output = OutputBuffer(to: descriptor)
        guard descriptor >= 0, address.connect(descriptor, port: port) == 0 else {
            throw Failure(description: "cannot connect: \(String(cString: strerror(errno)))")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the server has closed the connection, or has sent something without a request.
    var hasSpoken: Bool { !input.isEmpty || Descriptor.isReadable(descriptor) }

    // MARK: Responses

    /// Waits for a response, without a timeout.
    /// - Parameter limit: the largest accepted body, in bytes.
    func readResponse(limit: Int) throws(Failure) -> Response {
        isReusable = false
        var response: Response
        repeat { response = try readHead() } while (100..<200).contains(response.status)
        let isClosing = response.header("connection")?.lowercasedASCII == "close"
        if response.header("transfer-encoding")?.lowercasedASCII == "chunked" {
            try readChunks(into: response.body, limit: limit)
        } else if let length = response.header("content-length") {
            guard let count = Int(length), (0...limit).contains(count) else {
                throw Failure(description: "a body of \(length) bytes")
            }
            try take(count, into: response.body)
        } else if response.status != 204 {
            while try fill() { if input.count > limit { throw Failure(description: "a body without an end") } }
            try take(input.count, into: response.body)
            return response
        }
        isReusable = !isClosing
        return response
    }

    private func readHead() throws(Failure) -> Response {
        var response = Response()
        let status = try readLine().split(atByte: " ", maxSplits: 2)
        guard status.count >= 2, status[0].starts(withBytes: "HTTP/1."), let code = Int(status[1]),
            (100...599).contains(code)
        else {
            throw Failure(description: "no HTTP response")
        }
        response.status = code
        var size = 0
        while true {
            let line = try readLine()
            if line.isEmpty { return response }
            size += line.utf8.count
            let parts = line.split(atByte: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, size < Self.headLimit else { throw Failure(description: "a malformed head") }
            response.headers.append((parts[0].lowercasedASCII, parts[1].trimmed))
        }
    }

    private func readChunks(into body: ByteBuffer, limit: Int) throws(Failure) {
        while true {
            let size = try readLine().prefix(beforeAnyOf: ";")
            guard let count = Int(size.trimmed, radix: 16), count >= 0, count <= limit - body.count else {
                throw Failure(description: "a malformed chunk")
            }
            try take(count, into: body)
            guard count > 0 else { break }
            guard try readLine().isEmpty else { throw Failure(description: "a malformed chunk") }
        }
        // Trailers are ignored.
        while try !readLine().isEmpty {}
    }

    // MARK: Input

    /// The next line, without its line end.
    private func readLine() throws(Failure) -> String {
        var searched = 0
        while true {
            if let end = input.bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                var line = input.bytes[..<end]
                if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
                let text = String(decoding: line, as: UTF8.self)
                input.removeFirst(end + 1)
                return text
            }
            searched = input.count
            guard searched < Self.headLimit else { throw Failure(description: "a line without an end") }
            guard try fill() else { throw Failure(description: "the connection was closed") }
        }
    }

    private func take(_ count: Int, into target: ByteBuffer) throws(Failure) {
        while input.count < count {
            guard try fill() else { throw Failure(description: "the connection was closed amid a body") }
        }
        target.append(UnsafeBufferPointer(rebasing: input.bytes[..<count]))
        input.removeFirst(count)
    }

    /// Waits for more bytes; false at the end.
    private func fill() throws(Failure) -> Bool {
        guard let count = Descriptor.read(from: descriptor, into: input, atMost: Self.readSize) else {
            throw Failure(description: "the connection broke: \(String(cString: strerror(errno)))")
        }
        return count > 0
    }
}

extension IPAddress {
    fileprivate func connect(_ descriptor: Int32, port: UInt16) -> Int32 {
        func call<Address>(_ address: inout Address) -> Int32 {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
                }
            }
        }
        if isIPv4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
            return call(&address)
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
        return call(&address)
    }
}
