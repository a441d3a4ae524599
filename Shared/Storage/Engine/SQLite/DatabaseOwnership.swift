import Glibc
import Models

/// Exclusive ownership of an installation's database file: no other process has it open, and one that opens it now
/// waits as it would for a long write.
public final class DatabaseOwnership {
    private let descriptor: Int32

    /// The bytes that SQLite locks, from PENDING to the end of the SHARED range. A connection in WAL mode holds shared
    /// locks on them while it is open. https://www.sqlite.org/src/file/src/os.h
    private static let firstByte: off_t = 0x4000_0000
    private static let byteCount: off_t = 512

    /// - Throws: a conflict that names the process that has the file open.
    /// - Returns: nil if there is no database.
    public init?(in dataDirectory: String) throws {
        let path = "\(dataDirectory)/nexlayer.db"
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw APIError(.serviceUnavailable, "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        var record = Self.record
        if fcntl(descriptor, F_SETLK, &record) == 0 { return }
        record = Self.record
        _ = fcntl(descriptor, F_GETLK, &record)
        let process = record.l_type != Int16(F_UNLCK) && record.l_pid > 0 ? "process \(record.l_pid)" : "a process"
        close(descriptor)
        throw APIError(
            .conflict,
            "\(dataDirectory) is in use by \(process). Stop the gateway and everything else that uses it first")
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static var record: flock {
        var record = flock()
        record.l_type = Int16(F_WRLCK)
        record.l_whence = Int16(SEEK_SET)
        record.l_start = firstByte
        record.l_len = byteCount
        return record
    }
}
