import CPlatform
import Glibc
import Platform
import Wire

/// Connecting to a server.
extension Transport {
    /// Connects to a server, by TLS if the address says so.
    static func connected(
        to address: PostgresAddress, _ patience: inout Patience
    ) throws(PostgresError) -> Transport {
        #if OPENSSL
            if address.sslMode != .disable {
                // Made first, because it may find a mistake in the configuration.
                let session = try TLSSession(with: address)
                let transport = Transport(try socket(to: address, &patience))
                return try transport.secured(by: session, isOptional: !address.sslMode.needsTLS, &patience)
            }
        #endif
        return Transport(try socket(to: address, &patience))
    }

    /// Tries the addresses of the host one after the other. Returns a connected socket.
    private static func socket(to address: PostgresAddress, _ patience: inout Patience) throws(PostgresError) -> Int32 {
        if address.isUnixSocket { return try connect(unixSocket: address.socketPath, &patience) }
        let candidates = try addresses(of: address.host, &patience)
        var failure = PostgresError(.unreachable, "\(address.host) has no address")
        for (index, candidate) in candidates.enumerated() {
            var share = patience.share(of: candidates.count - index)
            do throws(PostgresError) {
                return try connect(candidate, port: address.port, &share)
            } catch { failure = error }
        }
        throw failure
    }

    private static func connect(_ address: IPAddress, port: UInt16, _ patience: inout Patience) throws(PostgresError)
        -> Int32
    {
        let name = address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        let descriptor: Int32
        if address.isIPv4 {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &target.sin_addr) { $0.copyBytes(from: address.bytes) }
            descriptor = try connect(AF_INET, &target, name: name, &patience)
        } else {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &target.sin6_addr) { $0.copyBytes(from: address.bytes) }
            descriptor = try connect(AF_INET6, &target, name: name, &patience)
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    private static func connect(unixSocket path: String, _ patience: inout Patience) throws(PostgresError) -> Int32 {
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &target.sun_path) { space in
            // The zero after it must fit, too.
            guard path.utf8.count < space.count else { return false }
            space.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw PostgresError(.configuration, "The path of the socket is too long: \(path)") }
        return try connect(AF_UNIX, &target, name: path, &patience)
    }

    /// - Parameter target: a socket address.
    private static func connect<Target>(
        _ family: Int32, _ target: inout Target, name: String, _ patience: inout Patience
    ) throws(PostgresError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0 else { throw .unreachable(name, errno) }
        let result = Descriptor.repeating {
            withUnsafePointer(to: &target) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Int(Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Target>.size)))
                }
            }
        }
        var failure = result < 0 ? errno : 0
        if failure == EINPROGRESS {
            failure = ETIMEDOUT
            if (try? patience.wait(for: Int16(POLLOUT), of: descriptor)) == true {
                var length = socklen_t(MemoryLayout<Int32>.size)
                if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) != 0 { failure = errno }
            }
        }
        guard failure == 0 else {
            Glibc.close(descriptor)
            throw .unreachable(name, failure)
        }
        return descriptor
    }

    /// The addresses of a host, in the order of the resolver.
    private static func addresses(of host: String, _ patience: inout Patience) throws(PostgresError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        // RFC 6761 section 6.3; it also saves a thread.
        if host.lowercasedASCII.hasSameBytes(as: "localhost") {
            return [IPAddress([127, 0, 0, 1]), IPAddress([UInt8](repeating: 0, count: 15) + [1])]
        }
        let lookup = platform_look_up(host)
        guard lookup >= 0 else { throw .unreachable(host, errno) }
        defer { Glibc.close(lookup) }
        var records: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while true {
            guard try patience.wait(for: Int16(POLLIN), of: lookup) else {
                throw PostgresError(.unreachable, "Looking up \(host) took longer than \(patience.limit) ms")
            }
            switch piece.withUnsafeMutableBytes({ Descriptor.read(lookup, into: $0) }) {
            case .bytes(let count): records += piece.prefix(count)
            case .blocked: continue
            case .ended: return addresses(in: records)
            }
        }
    }

    /// Each as one byte with its length, and its bytes.
    private static func addresses(in records: [UInt8]) -> [IPAddress] {
        var addresses: [IPAddress] = []
        var rest = records[...]
        while let length = rest.first, rest.count > Int(length) {
            let address = IPAddress(Array(rest.dropFirst().prefix(Int(length))))
            if !addresses.contains(address) { addresses.append(address) }
            rest = rest.dropFirst(Int(length) + 1)
        }
        return addresses
    }
}

extension PostgresError {
    fileprivate static func unreachable(_ name: String, _ failure: Int32) -> PostgresError {
        PostgresError(.unreachable, "\(name): \(String(cString: strerror(failure)))")
    }
}
