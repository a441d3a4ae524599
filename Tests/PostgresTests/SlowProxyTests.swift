import Foundation
import TestSupport
import Testing

@testable import Postgres

/// A proxy in front of a server that passes on one byte at a time, and pauses after each.
private final class SlowProxy {
    let port: Int
    private let listener: Int32

    init(to socketPath: String) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = getsockname(listener, $0, &length)
            }
        }
        listen(listener, 5)
        port = Int(address.sin_port.bigEndian)
        Thread.detachNewThread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                let server = Self.connect(to: socketPath)
                for (from, to) in [(client, server), (server, client)] {
                    Thread.detachNewThread { Self.pass(from, to) }
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private static func connect(to path: String) -> Int32 {
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = Glibc.connect(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return server
    }

    private static func pass(_ from: Int32, _ to: Int32) {
        var on: Int32 = 1
        setsockopt(to, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var piece = [UInt8](repeating: 0, count: 4096)
        while case let count = read(from, &piece, piece.count), count > 0 {
            for index in 0..<count {
                send(to, [piece[index]], 1, Int32(MSG_NOSIGNAL))
                usleep(20)
            }
        }
        shutdown(to, Int32(SHUT_RDWR))
    }
}

@Suite(.enabled(if: PostgresServer.isInstalled)) struct SlowProxyTests {
    @Test func everythingWorksByteByByte() throws {
        let server = try PostgresServer.shared.get()
        let proxy = try SlowProxy(to: "\(server.folder)/.s.PGSQL.\(server.port)")
        var parts = server.url(options: ["sslmode=disable"]).components(separatedBy: ":\(server.port)/")
        parts.insert(":\(proxy.port)/", at: 1)
        let connection = try connect(parts.joined(), timeout: 60_000)
        #expect(connection.roundTrips == 3)
        let statement = PostgresStatement("SELECT i, 'row ' || i, NULL, $1 FROM generate_series(1, 20) i")
        for _ in 0..<2 {
            let trips = connection.roundTrips
            try connection.begin(.readOnly)
            var found: [String] = []
            let count = try connection.run(statement, bind: { $0.append("ü") }) { row in
                found.append("\(row.text(at: 0)) \(row.text(at: 1)) \(row.text(at: 2)) \(row.text(at: 3))")
                return true
            }
            #expect(count == 20)
            #expect(found == (1...20).map { "\($0) row \($0) NULL ü" })
            #expect(throws: PostgresError.self) { try connection.texts("SELECT 1/0") }
            try connection.commit()
            #expect(connection.roundTrips == trips + 2)
        }
        #expect(try connection.texts("SELECT 'end'") == ["end"])
    }
}
