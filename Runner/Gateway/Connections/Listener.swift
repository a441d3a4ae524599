import CPlatform
import Glibc
import Wire

/// An address to listen on: a numeric IPv4 or IPv6 address, or `localhost`, and a port; or a Unix socket.
struct SocketAddress {
    private var storage: sockaddr_storage
    private let length: socklen_t
    /// Of a Unix socket.
    private(set) var path: String?

    /// Nil when `host` is none of these.
    init?(host: String, port: UInt16) {
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

    /// A Unix socket. Nil when the path is empty or longer than such an address can hold.
    init?(path: String) {
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

    var family: Int32 { Int32(storage.ss_family) }

    func bind(_ socket: Int32) -> Bool {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket, $0, length) == 0 }
        }
    }

    func connect(_ socket: Int32) -> Bool {
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
        // The port stands at the same place in both families.
        return withUnsafeBytes(of: &storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    /// A peer's address as text, IPv4 within IPv6 as IPv4; a peer at a Unix socket is on this machine.
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

/// The listening socket.
final class Listener: EventHandler {
    private static let backlog: Int32 = 1024
    private static let acceptsPerEvent = 64
    /// Who waits here instead of in the backlog, so that those are found to whom others give way.
    private static let maximumWaiting = 64

    let port: UInt16
    private let socket: Int32
    private let loop: EventLoop
    private var isPaused = false
    private var hasReported = false
    /// The Unix socket's file, which goes with the listener.
    private let path: String?
    private let onAccept: (_ socket: Int32, _ peer: String) -> Void
    /// Whether there is room for another connection.
    private let hasRoom: () -> Bool
    /// Closes a connection; false when none gives way to that peer.
    private let makeRoom: (_ peer: String) -> Bool
    /// Closes anything that has a descriptor; false when nothing can be spared.
    private let freeDescriptor: () -> Bool
    /// Whether a peer that waits has so much already that it need not be waited for.
    private let isTooMuch: (_ peer: String) -> Bool
    /// Accepted, but without a place yet; in the order in which they came.
    private var waiting: [(socket: Int32, peer: String)] = []
    private let log: GatewayLog

    /// Nil, with `errno`, when the address cannot be bound.
    init?(
        _ address: SocketAddress, mode: mode_t, loop: EventLoop, log: GatewayLog, hasRoom: @escaping () -> Bool,
        makeRoom: @escaping (_ peer: String) -> Bool, freeDescriptor: @escaping () -> Bool,
        isTooMuch: @escaping (_ peer: String) -> Bool,
        onAccept: @escaping (_ socket: Int32, _ peer: String) -> Void
    ) {
        socket = Glibc.socket(
            address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { return nil }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        if address.family == AF_INET6 {
            // `::` means IPv4 too, whatever the system's habit is.
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
        self.hasRoom = hasRoom
        self.makeRoom = makeRoom
        self.freeDescriptor = freeDescriptor
        self.isTooMuch = isTooMuch
        self.onAccept = onAccept
    }

    /// Removes a socket that nobody listens on any more.
    private static func removeStale(_ path: String, _ address: SocketAddress) {
        var information = stat()
        guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = Glibc.socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { return }
        defer { Glibc.close(probe) }
        if !address.connect(probe), errno == ECONNREFUSED { unlink(path) }
    }

    /// Begins to take connections; until then they wait in the backlog.
    func start() { loop.add(socket, .readable, handler: self) }

    func close() {
        loop.remove(socket)
        Glibc.close(socket)
        for guest in waiting { Glibc.close(guest.socket) }
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
                    if code == EMFILE || code == ENFILE, freeDescriptor() { continue }
                    report(code)
                    pause()
                // The client has given up already.
                case ECONNABORTED, EINTR, EPROTO: continue
                default: break
                }
                return
            }
            hasReported = false
            var on: Int32 = 1
            setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            seat(accepted, SocketAddress.text(&storage))
        }
    }

    /// Gives a newcomer a place, or lets it wait for one. Where too many wait, one goes of a peer that has enough.
    private func seat(_ newcomer: Int32, _ peer: String) {
        if waiting.isEmpty, hasRoom() { return onAccept(newcomer, peer) }
        waiting.append((newcomer, peer))
        while hasRoom(), !waiting.isEmpty { admit(0) }
        guard !waiting.isEmpty else { return }
        if makeRoom(peer) {
            admit(waiting.count - 1)
        } else if waiting.count > Self.maximumWaiting, let last = waiting.lastIndex(where: { isTooMuch($0.peer) }) {
            Glibc.close(waiting.remove(at: last).socket)
        }
    }

    private func admit(_ index: Int) {
        let guest = waiting.remove(at: index)
        onAccept(guest.socket, guest.peer)
    }

    /// Once, not at every try, until connections are accepted again.
    private func report(_ code: Int32) {
        if !hasReported {
            log.event(.error, "cannot accept connections; they wait", [("reason", String(cString: strerror(code)))])
        }
        hasReported = true
    }

    /// NB: a level-triggered listener that cannot accept would spin; it rests until the next tick.
    private func pause() {
        isPaused = true
        loop.pause(socket)
    }

    func tick() {
        var index = 0
        while index < waiting.count {
            if hasRoom() || makeRoom(waiting[index].peer) { admit(index) } else { index += 1 }
        }
        guard isPaused else { return }
        isPaused = false
        loop.update(socket, .readable)
    }
}
