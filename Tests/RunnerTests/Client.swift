import Foundation
import Testing

/// A connection to a gateway on which tests control every byte.
final class Client {
    struct Response {
        var status = 0
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
        }
        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        func all(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
    }

    struct Ended: Error {}
    struct Refused: Error { let port: Int }

    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0 { throw Refused(port: port) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends as much as the gateway accepts; nothing if it has closed the connection.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0x4000) }
            if count <= 0 { return }
            sent += count
        }
    }

    /// Sends a complete request and reads its response.
    func ask(
        _ method: String, _ path: String, headers: String = "", body: [UInt8] = []
    ) throws -> Response {
        var head = "\(method) /api/v1\(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)"
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        send(Array((head + "\r\n").utf8) + body)
        return try response(toHead: method == "HEAD")
    }

    func say(_ text: String, to path: String) throws -> Response {
        try ask("POST", path, headers: "Content-Type: text/plain\r\n", body: Array(text.utf8))
    }

    func response(toHead: Bool = false) throws -> Response {
        var response = try head()
        if toHead || response.status < 200 || response.status == 204 { return response }
        if response.header("transfer-encoding") == "chunked" {
            while let part = try chunk() { response.body += part }
        } else if let length = response.header("content-length").flatMap({ Int($0) }) {
            response.body = try take(length)
        }
        return response
    }

    func head() throws -> Response {
        var response = Response()
        let parts = try line().split(separator: " ")
        response.status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        while case let field = try line(), !field.isEmpty {
            let colon = try #require(field.firstIndex(of: ":"))
            let value = field[field.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            response.headers.append((field[..<colon].lowercased(), value))
        }
        return response
    }

    /// The next chunk of a chunked body; nil after the last one.
    func chunk() throws -> [UInt8]? {
        let size = try #require(Int(try line(), radix: 16))
        let part = try take(size)
        #expect(try line().isEmpty)
        return size == 0 ? nil : part
    }

    /// Whether the gateway closes the connection without sending another byte.
    func isClosed() -> Bool {
        do { try more() } catch { return received.isEmpty && !(error is TimedOut) }
        return false
    }

    private struct TimedOut: Error {}

    private func line() throws -> String {
        while true {
            if let end = received.firstIndex(of: 10) {
                let line = received[..<end].filter { $0 != 13 }
                received.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            try more()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try more() }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    private func more() throws {
        var space = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &space, space.count, 0)
        if count < 0, errno == EAGAIN { throw TimedOut() }
        if count <= 0 { throw Ended() }
        received += space[..<count]
    }
}
