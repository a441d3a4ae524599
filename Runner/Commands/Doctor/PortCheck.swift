import Gateway
import Glibc
import Platform
import Wire

/// Checks the address that the gateway is to listen on.
enum PortCheck {
    private static let area = "port"
    /// Seconds that the program on the port has to answer.
    private static let patience = 2.0
    private static let longestAnswer = 65_536

    static func finding(_ options: Options) -> Finding {
        guard let address = SocketAddress(host: options.host, port: options.port) else {
            return .failure(area, "\(options.host) is not an address", cure: "Use another one with --host.")
        }
        let name = "\(options.host) port \(options.port)"
        guard let reason = obstacle(to: address) else {
            return .ok(area, options.port == 0 ? "Any free port will be used" : "\(name) is free")
        }
        if isServed(address, basePath: options.gateway.basePath) {
            return .warning(
                area, "A gateway already answers on \(name)",
                cure: "If it is the right one, there is nothing to do. A second one needs another --port.")
        }
        return .failure(
            area, "Cannot listen on \(name): \(reason)",
            cure: "End the program that uses it (ss -tlnp 'sport = :\(options.port)'), or choose another with --port.")
    }

    /// Why the address cannot be used; nil if it can.
    private static func obstacle(to address: SocketAddress) -> String? {
        let probe = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        var on: Int32 = 1
        setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        // Only a second listener on a port fails, so listen for a moment.
        return probe >= 0 && address.bind(probe) && listen(probe, 1) == 0 ? nil : String(cString: strerror(errno))
    }

    /// Whether the function `health` answers there.
    private static func isServed(_ address: SocketAddress, basePath: String) -> Bool {
        let probe = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        // Each wait is short, because a slow sender could cause many.
        var limit = timeval(tv_sec: 0, tv_usec: 200_000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(probe, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let request = ByteBuffer("GET \(basePath)/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        guard probe >= 0, address.connect(probe), case .bytes(request.count) = Descriptor.send(probe, request.bytes)
        else { return false }
        return isHealth(answer(on: probe))
    }

    private static func answer(on probe: Int32) -> [UInt8] {
        let end = Clock.now + Clock.seconds(patience)
        var block = [UInt8](repeating: 0, count: 4096)
        var answer: [UInt8] = []
        while answer.count < longestAnswer, Clock.now < end {
            switch block.withUnsafeMutableBytes({ Descriptor.read(probe, into: $0) }) {
            case .bytes(let count): answer += block[..<count]
            case .blocked: continue
            case .ended: return answer
            }
        }
        return answer
    }

    private static func isHealth(_ answer: [UInt8]) -> Bool {
        let blank = Array("\r\n\r\n".utf8)
        let head = String(decoding: answer.prefix(12), as: UTF8.self)
        guard ["HTTP/1.1 200", "HTTP/1.1 503"].contains(head),
            let end = answer.indices.first(where: { answer[$0...].starts(with: blank) }),
            let body = answer[(end + blank.count)...].withUnsafeBufferPointer({ try? JSONReader.parse($0) })
        else { return false }
        return (body["data"]?["checks"] ?? body["error"]?["details"])?["database"] != nil
    }
}
