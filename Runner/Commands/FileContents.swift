import Glibc
import Platform

/// Reads whole files.
enum FileContents {
    /// The limit on an event or a recording.
    private static let maximumBytes = 4 * 1024 * 1024 * 1024

    /// - Parameter path: `-` for stdin.
    /// - Returns: nil with `errno` set.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 256 * 1024)
        while bytes.count < maximumBytes {
            let count = Descriptor.repeating { Glibc.read(descriptor, &block, block.count) }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }
}
