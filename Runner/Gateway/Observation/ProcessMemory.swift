import Glibc
import Platform
import Wire

/// Reads the memory use of a process from `/proc`.
package struct ProcessMemory {
    /// How long a value is reused, in microseconds.
    private static let period: Int64 = 100_000
    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))

    private var value = 0
    private var readAt = Int64.min / 2

    /// At most ten reads per second, so that it costs nothing when speed matters.
    mutating func resident(of pid: pid_t, now: Int64) -> Int {
        if now - readAt < Self.period { return value }
        readAt = now
        value = Self.resident(of: pid)
        return value
    }

    /// Resident memory in bytes; 0 if the process has ended.
    package static func resident(of pid: pid_t) -> Int {
        let descriptor = open("/proc/\(pid)/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { space in
            guard case .bytes(let count) = Descriptor.read(descriptor, into: space) else { return 0 }
            let fields = String(decoding: space[..<count], as: UTF8.self).split(atByte: " ")
            return fields.count > 1 ? (Int(fields[1]) ?? 0) * pageSize : 0
        }
    }
}
