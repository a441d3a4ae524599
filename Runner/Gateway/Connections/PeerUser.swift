import Glibc
import Platform
import Wire

/// Finds the user at the other end of a loopback connection, in the kernel's tables. The address alone proves nothing:
/// other users of the machine have it too, and so does a proxy that passes on strangers' requests.
enum PeerUser {
    private static let tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"]
    /// The most bytes to read of a table. A user who is not found in them does not count as the operator.
    private static let maximumTable = 16 * 1024 * 1024

    /// Whether the peer is the user who runs the gateway, the user who started it with `sudo`, or root. False if the
    /// kernel does not tell.
    static func isOperator(_ socket: Int32) -> Bool {
        guard let peer = port(of: socket, getpeername), let own = port(of: socket, getsockname) else { return false }
        let users = Self.users(from: peer, to: own)
        guard !users.isEmpty else { return false }
        var allowed: Set<UInt32> = [0, geteuid()]
        if geteuid() == 0, let user = getenv("SUDO_UID"), let number = UInt32(String(cString: user)) {
            allowed.insert(number)
        }
        return users.isSubset(of: allowed)
    }

    private typealias NameCall = (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32

    private static func port(of socket: Int32, _ name: NameCall) -> UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(socket, $0, &length) }
        }
        guard result == 0, [AF_INET, AF_INET6].contains(Int32(storage.ss_family)) else { return nil }
        return withUnsafeBytes(of: &storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    /// The owners of all sockets with these ports. Each loopback address can have such a pair, so every one of the
    /// owners must be allowed.
    private static func users(from local: UInt16, to remote: UInt16) -> Set<UInt32> {
        var users: Set<UInt32> = []
        for table in tables {
            guard let bytes = contents(table) else { continue }
            bytes.withUnsafeBufferPointer { bytes in
                bytes.forEachPart(separatedBy: ASCII.lineFeed) { line in
                    if let user = user(line, local, remote) { users.insert(user) }
                }
            }
        }
        return users
    }

    /// `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …`, with ports in hexadecimal. A
    /// socket that no process holds any more has inode 0 and appears to belong to root.
    private static func user(_ line: Bytes, _ local: UInt16, _ remote: UInt16) -> UInt32? {
        let fields = line.text.split(atByte: " ", maxSplits: 10)
        guard fields.count > 9, fields[9] != "0", ends(fields[1], with: local), ends(fields[2], with: remote)
        else { return nil }
        return UInt32(fields[7])
    }

    private static func ends(_ address: Substring, with port: UInt16) -> Bool {
        address.split(atByte: ":").last.flatMap { UInt16($0, radix: 16) } == port
    }

    private static func contents(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < maximumTable,
            case .bytes(let count) = block.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) })
        {
            bytes += block[..<count]
        }
        return bytes
    }
}
