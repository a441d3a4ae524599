import Glibc
import Wire

/// Looks at the address that the gateway is to listen on.
enum PortCheck {
    private static let area = "port"
    /// How long whoever has the port is given to answer, in seconds.
    private static let patience = 2
    private static let longestAnswer = 65_536

    static func finding(_ options: Options) -> Finding {
        guard let address = SocketAddress(host: options.host, port: options.port) else {
            return .failure(area, "\(options.host) is no address", cure: "Name another one with --host.")
        }
        let name = "\(options.host) port \(options.port)"
        guard let reason = obstacle(to: address) else {
            return .ok(area, options.port == 0 ? "Any free port is taken" : "\(name) is free")
        }
        if isServed(address, basePath: options.basePath) { return .ok(area, "A gateway answers on \(name) already") }
        return .failure(
            area, "\(name) cannot be listened on: \(reason)",
            cure: "End the program that has it (ss -tlnp 'sport = :\(options.port)'), or choose another with --port.")
    }

    /// Why nobody can listen there; nil when somebody can.
    private static func obstacle(to address: SocketAddress) -> String? {
        let probe = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        var on: Int32 = 1
        setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        // A second listener of the same port is what fails, so this one listens for a moment.
        return probe >= 0 && address.bind(probe) && listen(probe, 1) == 0 ? nil : String(cString: strerror(errno))
    }

    /// Whether the function `health` answers there.
    private static func isServed(_ address: SocketAddress, basePath: String) -> Bool {
        let probe = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(probe, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let request = ByteBuffer("GET \(basePath)/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        guard probe >= 0, address.connect(probe), case .bytes(request.count) = Descriptor.send(probe, request.bytes)
        else { return false }
        var block = [UInt8](repeating: 0, count: 4096)
        var answer = ""
        while answer.utf8.count < longestAnswer,
            case .bytes(let count) = block.withUnsafeMutableBytes({ Descriptor.read(probe, into: $0) })
        {
            answer += String(decoding: block[..<count], as: UTF8.self)
        }
        return answer.hasPrefix("HTTP/1.1 ") && answer.contains(#""checks":{"database":"#)
    }
}
