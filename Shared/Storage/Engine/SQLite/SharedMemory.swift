import CPlatform
import Glibc
import Models

/// The file that SQLite shares between processes (`nexlayer.db-shm`), mapped into each.
///
/// SQLite extends it by writing one byte in every 4 KiB. On a file system with smaller blocks (small ext4 disks have 1
/// KiB), holes remain between these bytes. Touching one raises SIGBUS if the disk is full.
final class SharedMemory {
    private let descriptor: Int32

    /// Allocates every block of the file while SQLite has it open. Returns nil if nothing needs to be done. Throws 503
    /// if the disk is full.
    init?(ofDatabase path: String) throws {
        let path = "\(path)-shm"
        var status = stat()
        guard stat(path, &status) == 0, Int(status.st_blocks) * 512 < Int(status.st_size) else { return nil }
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard platform_allocate(descriptor, Int64(status.st_size)) == 0 || errno == EOPNOTSUPP else {
            throw APIError(.serviceUnavailable, "The disk is full", cause: "fallocate \(path): errno \(errno)")
        }
    }

    // NB: close it after SQLite's descriptor: closing any descriptor of a file drops all the process's locks on it
    // (fcntl(2)).
    deinit { close(descriptor) }
}
