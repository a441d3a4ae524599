import Glibc
import Platform

/// Record locks that show which processes of one machine are alive: one byte of a file for each claim, at a place
/// that its identifier says. The kernel gives back those of a process that dies.
final class ClaimLocks {
    private let path: String
    /// The claim that this process works on; it serves one request at a time.
    private(set) var latest: [UInt8]?
    private lazy var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)

    init(path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Takes the lock of a claim. False when another process has it, and when the file cannot be opened.
    func take(_ id: [UInt8]) -> Bool {
        guard RecordLock.take(descriptor, at: Self.place(of: id)) else { return false }
        latest = id
        return true
    }

    func giveBack(_ id: [UInt8]) {
        RecordLock.release(descriptor, at: Self.place(of: id))
        latest = nil
    }

    /// Identifiers are hashes. If two ever agree in these 62 bits, one claim waits for the other.
    private static func place(of id: [UInt8]) -> Int64 {
        Int64(id.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 2)
    }
}
