import CPlatform
import Glibc
import Platform
import Wire

/// Decides which peers get a connection, and takes over their sockets.
protocol ListenerDelegate: AnyObject {
    /// Whether there is room for another connection.
    var hasRoom: Bool { get }
    /// Closes a connection to make room.
    /// - Returns: false if none gives way to this peer.
    func makeRoom(for peer: String) -> Bool
    /// Closes something that uses a descriptor.
    /// - Returns: false if nothing can be spared.
    func freeDescriptor() -> Bool
    /// Whether a peer has so many connections that it need not wait for another one.
    func hasShare(_ peer: String) -> Bool
    func accept(_ socket: Int32, from peer: String)
}

/// The listening socket.
final class Listener: EventHandler {
    private static let backlog: Int32 = 1024
    private static let acceptsPerEvent = 64
    /// How many accepted sockets may wait for room. In the backlog their addresses would be unknown, and a greedy
    /// client could fill it ahead of one that is below its share.
    private static let maximumWaiting = 64

    let port: UInt16
    private let socket: Int32
    private let loop: EventLoop
    private var isPaused = false
    private var hasReported = false
    /// The Unix socket's file, which is removed together with the listener.
    private let path: String?
    private unowned let delegate: any ListenerDelegate
    /// Accepted sockets that are waiting for room, in order of arrival.
    private var waiting: [(socket: Int32, peer: String)] = []
    private let log: GatewayLog

    /// Nil, with `errno` set, if the address cannot be bound.
    /// - Parameter mode: the file mode of a Unix socket.
    init?(_ address: SocketAddress, mode: mode_t, loop: EventLoop, log: GatewayLog, delegate: any ListenerDelegate) {
        socket = Glibc.socket(
            address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { return nil }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        if address.family == AF_INET6 {
            // `::` includes IPv4, regardless of the system's default.
            var off: Int32 = 0
            setsockopt(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, socklen_t(MemoryLayout<Int32>.size))
        }
        path = address.path
        if let path { Self.removeStale(path, address) }
        guard address.bind(socket), path.map({ chmod($0, mode) == 0 }) ?? true, listen(socket, Self.backlog) == 0 else {
            let code = errno
            Glibc.close(socket)
            errno = code
            return nil
        }
        port = SocketAddress.port(of: socket)
        self.loop = loop
        self.log = log
        self.delegate = delegate
    }

    /// Removes a socket file that nobody listens on.
    private static func removeStale(_ path: String, _ address: SocketAddress) {
        var information = stat()
        guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = Glibc.socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { return }
        defer { Glibc.close(probe) }
        if !address.connect(probe), errno == ECONNREFUSED { unlink(path) }
    }

    /// Begins to accept connections; until then they wait in the backlog.
    func start() { loop.add(socket, .readable, handler: self) }

    func close() {
        loop.remove(socket)
        Glibc.close(socket)
        for newcomer in waiting { Glibc.close(newcomer.socket) }
        waiting = []
        if let path { unlink(path) }
    }

    func handle(_ events: Events, on descriptor: Int32) {
        for _ in 0..<Self.acceptsPerEvent {
            guard waiting.count <= Self.maximumWaiting else { return pause() }
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
            let accepted = withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept4(socket, $0, &length, flags) }
            }
            if accepted < 0 {
                switch errno {
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    let code = errno
                    if code == EMFILE || code == ENFILE, delegate.freeDescriptor() { continue }
                    report(code)
                    pause()
                // The client has given up.
                case ECONNABORTED, EINTR, EPROTO: continue
                default: break
                }
                return
            }
            hasReported = false
            var on: Int32 = 1
            setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            take(accepted, SocketAddress.text(&storage))
        }
    }

    /// Admits a newcomer or lets it wait. If too many are waiting, closes one whose peer has its share.
    private func take(_ newcomer: Int32, _ peer: String) {
        if waiting.isEmpty, delegate.hasRoom { return delegate.accept(newcomer, from: peer) }
        waiting.append((newcomer, peer))
        while delegate.hasRoom, !waiting.isEmpty { admit(0) }
        guard !waiting.isEmpty else { return }
        if delegate.makeRoom(for: peer) {
            admit(waiting.count - 1)
        } else if waiting.count > Self.maximumWaiting,
            let last = waiting.lastIndex(where: { delegate.hasShare($0.peer) })
        {
            Glibc.close(waiting.remove(at: last).socket)
        }
    }

    private func admit(_ index: Int) {
        let newcomer = waiting.remove(at: index)
        delegate.accept(newcomer.socket, from: newcomer.peer)
    }

    /// Logs a failure only once until connections are accepted again.
    private func report(_ code: Int32) {
        if !hasReported {
            log.event(
                .error, "cannot accept connections; they wait in the backlog",
                [("reason", String(cString: strerror(code)))])
        }
        hasReported = true
    }

    /// NB: a level-triggered listener that cannot accept would spin, so it pauses until the next tick.
    private func pause() {
        isPaused = true
        loop.pause(socket)
    }

    func tick() {
        var index = 0
        while index < waiting.count {
            if delegate.hasRoom || delegate.makeRoom(for: waiting[index].peer) { admit(index) } else { index += 1 }
        }
        guard isPaused else { return }
        isPaused = false
        loop.update(socket, .readable)
    }
}
