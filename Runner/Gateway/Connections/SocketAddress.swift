import Glibc
import Wire

/// An address to listen on: a port with a numeric IPv4 or IPv6 address or `localhost`, or a Unix socket.
package struct SocketAddress {
    private var storage: sockaddr_storage
    private let length: socklen_t
    /// The path of a Unix socket; nil for other addresses.
    package private(set) var path: String?

    /// Nil if `host` is not one of these.
    package init?(host: String, port: UInt16) {
        storage = sockaddr_storage()
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: four) { target.copyMemory(from: $0) } }
        } else if inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: six) { target.copyMemory(from: $0) } }
        } else {
            return nil
        }
    }

    /// A Unix socket. Nil if the path is empty or too long for one.
    package init?(path: String) {
        storage = sockaddr_storage()
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, !bytes.contains(0), bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            return nil
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: address) { target.copyMemory(from: $0) } }
        self.path = path
    }

    package var family: Int32 { Int32(storage.ss_family) }

    package func bind(_ socket: Int32) -> Bool {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket, $0, length) == 0 }
        }
    }

    package func connect(_ socket: Int32) -> Bool {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, length) == 0 }
        }
    }

    /// The port that a socket is bound to; 0 for a Unix socket.
    static func port(of socket: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard result == 0, Int32(storage.ss_family) != AF_UNIX else { return 0 }
        // The port has the same offset in both families.
        return withUnsafeBytes(of: &storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    /// A peer's address as text. IPv4 mapped into IPv6 becomes IPv4. A peer at a Unix socket becomes 127.0.0.1, so that
    /// `TRUSTED_PROXIES` decides whether a proxy's forwarded address is believed.
    static func text(_ storage: inout sockaddr_storage) -> String {
        if Int32(storage.ss_family) == AF_UNIX { return "127.0.0.1" }
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = Int32(storage.ss_family)
        let offset = family == AF_INET ? 4 : 8
        _ = withUnsafeBytes(of: &storage) { bytes in
            inet_ntop(family, bytes.baseAddress?.advanced(by: offset), &characters, socklen_t(INET6_ADDRSTRLEN))
        }
        let end = characters.firstIndex(of: 0) ?? characters.endIndex
        let text = String(decoding: characters[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let mapped = text.without(prefix: "::ffff:"), mapped.contains(byte: ".") else { return text }
        return String(mapped)
    }
}
