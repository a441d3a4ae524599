import Crypto
import Glibc
import Platform
import Wire

/// Record locks that show which processes of a machine are alive: one byte of a file per claim, at an offset derived
/// from its identifier. The kernel releases the locks of a process that dies.
final class ClaimLocks {
    private let path: String
    /// The claim this process is working on; it serves one request at a time.
    private(set) var latest: [UInt8]?
    private lazy var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)

    init(path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Identifies the processes that see these locks: those of one kernel that have the same file open.
    lazy var domain: String = {
        var (status, boot) = (stat(), [UInt8](repeating: 0, count: 36))
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        guard fstat(descriptor, &status) == 0, file >= 0, read(file, &boot, boot.count) == boot.count else {
            // Nobody's but this process's: others then wait for the end of its claims.
            return Hex.encode(secureRandomBytes(16))
        }
        return "\(String(decoding: boot, as: UTF8.self)) \(status.st_dev) \(status.st_ino)"
    }()

    /// Takes the lock of a claim. Returns false if another process has it or the file cannot be opened.
    func take(_ id: [UInt8]) -> Bool {
        guard RecordLock.take(descriptor, at: Self.place(of: id)) else { return false }
        latest = id
        return true
    }

    func giveBack(_ id: [UInt8]) {
        RecordLock.release(descriptor, at: Self.place(of: id))
        latest = nil
    }

    /// Identifiers are hashes. If two ever share these 62 bits, one claim waits for the other.
    private static func place(of id: [UInt8]) -> Int64 {
        Int64(id.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 2)
    }
}
