import CPlatform
import Crypto
import Glibc
import Models
import Wire

/// Counts requests per caller and time window, exactly, across all processes of an installation.
///
/// The table is a file of fixed size (`limits.bin`), mapped into every process. Counting takes a record lock on one
/// bucket and a change in memory, about two microseconds. A database would take ten times as long and parse its schema
/// at every cold start. Nothing is synced: after a machine crash, counting starts over. The kernel releases the locks
/// of a process that dies.
public final class RateLimitTable {
    /// Whether a request is within its limit, and what remains of it.
    public struct Verdict: Sendable {
        public var limit: Int
        /// The number of requests still allowed in this window.
        public var remaining: Int
        /// When the window ends.
        public var resetsAt: Timestamp
        public var isAllowed: Bool
    }

    /// 128 bits of the caller's hash, so the file reveals nothing about callers.
    private typealias Key = (high: UInt64, low: UInt64)

    /// One counter. All zero if it has never been used.
    private struct Slot {
        var keyHigh: UInt64 = 0
        var keyLow: UInt64 = 0
        /// The end of its window, in milliseconds since 1970.
        var end: Int64 = 0
        var count: Int64 = 0
    }

    /// What a counter counts. Each kind has separate slots, so invented names only evict each other and never a counter
    /// that protects an account.
    public enum Subject: Sendable {
        /// An existing account, alone or combined with the address that tries to log in.
        case account
        /// A client address.
        case address
        /// A name without an account. Callers can invent any number of them.
        case unknownName

        /// The slots of this kind within a bucket.
        fileprivate var slots: Range<Int> {
            switch self {
            case .account: 0..<16
            case .address: 16..<24
            case .unknownName: 24..<RateLimitTable.slotsPerBucket
            }
        }
    }

    /// Callers whose hashes map to the same bucket share its slots.
    fileprivate static let slotsPerBucket = 32
    private static let buckets = 4096
    private static let slotSize = MemoryLayout<Slot>.stride
    private static let fileSize = buckets * slotsPerBucket * slotSize
    private let hash: HMACSHA256
    private var keys = RecentValues<String, Key>()

    private let descriptor: Int32
    private let slots: UnsafeMutablePointer<Slot>

    /// Opens the table at `path`, creating it if needed (4 MiB).
    ///
    /// - Parameter secret: keys the hash that selects a caller's bucket. Without it, an attacker could compute names
    ///   that evict a counter from its bucket.
    public init(path: String, secret: String) throws {
        hash = HMACSHA256(key: Array("nexlayer rate limits \(secret)".utf8))
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // NB: a file of another size comes from another version or was truncated. Resizing it is safe, since every
        // process maps it at this size and zeros are empty slots.
        guard descriptor >= 0, Self.allocate(descriptor),
            let memory = mmap(nil, Self.fileSize, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else {
            let reason = errno
            if descriptor >= 0 { close(descriptor) }
            throw APIError(.serviceUnavailable, "The rate limits cannot be counted", cause: "\(path): errno \(reason)")
        }
        slots = memory.bindMemory(to: Slot.self, capacity: Self.buckets * Self.slotsPerBucket)
    }

    deinit {
        munmap(slots, Self.fileSize)
        close(descriptor)
    }

    /// Resizes the file and allocates every block of it: touching a hole of a mapped file raises SIGBUS if the disk is
    /// full.
    private static func allocate(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        if status.st_size == fileSize, Int(status.st_blocks) * 512 >= fileSize { return true }
        if status.st_size > fileSize, ftruncate(descriptor, fileSize) != 0 { return false }
        if platform_allocate(descriptor, Int64(fileSize)) == 0 { return true }
        guard errno == EOPNOTSUPP else { return false }
        // Some file systems do not support fallocate. Writing allocates the blocks, too.
        let zeros = [UInt8](repeating: 0, count: 65_536)
        for offset in stride(from: Int(status.st_size), to: fileSize, by: zeros.count) {
            let count = min(zeros.count, fileSize - offset)
            guard pwrite(descriptor, zeros, count, offset) == count else { return false }
        }
        return true
    }

    /// Counts one request of `caller` if it is within `limit` for a window of `seconds`. The window begins with the
    /// first request, so that callers do not all start over at the full minute.
    public func count(
        _ caller: String, as subject: Subject, limit: Int, seconds: Int, at now: Timestamp
    ) throws -> Verdict {
        let key = key(caller)
        let bucket = Int(key.low % UInt64(Self.buckets))
        try lock(bucket, F_WRLCK)
        defer { try? lock(bucket, F_UNLCK) }
        let slot = slot(for: key, in: bucket, subject.slots, seconds: seconds, at: now)
        let isAllowed = slot.pointee.count < limit
        if isAllowed { slot.pointee.count += 1 }
        return Verdict(
            limit: limit, remaining: max(0, limit - Int(slot.pointee.count)),
            resetsAt: Timestamp(milliseconds: slot.pointee.end), isAllowed: isAllowed)
    }

    /// The slot for `key`: its current one, otherwise the one whose window ends first. That window is usually over or
    /// unused, unless there are more active callers than slots. Evicting by end of window keeps the hour-long counters
    /// of registrations when somebody invents callers. The cost: 131,072 registering addresses could crowd out the
    /// short ones for an hour.
    private func slot(
        for key: Key, in bucket: Int, _ range: Range<Int>, seconds: Int, at now: Timestamp
    ) -> UnsafeMutablePointer<Slot> {
        let first = slots + bucket * Self.slotsPerBucket + range.lowerBound
        var next = first
        for slot in first..<(first + range.count) {
            if slot.pointee.keyHigh == key.high, slot.pointee.keyLow == key.low {
                if !Self.isOver(slot.pointee, seconds: seconds, at: now) { return slot }
                next = slot
                break
            }
            if slot.pointee.end < next.pointee.end { next = slot }
        }
        next.pointee = Slot(keyHigh: key.high, keyLow: key.low, end: (now + seconds).milliseconds, count: 0)
        return next
    }

    /// A window that begins far in the future was written before the clock was set back.
    private static func isOver(_ slot: Slot, seconds: Int, at now: Timestamp) -> Bool {
        let end = Timestamp(milliseconds: slot.end)
        return end <= now || end > now + 2 * seconds
    }

    private func key(_ caller: String) -> Key {
        if let known = keys[caller] { return known }
        let key = hash.authenticate(Array(caller.utf8)).withUnsafeBytes {
            ($0.loadUnaligned(fromByteOffset: 0, as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        keys.insert(key, for: caller)
        return key
    }

    private func lock(_ bucket: Int, _ type: Int32) throws {
        var record = flock()
        record.l_type = Int16(type)
        record.l_whence = Int16(SEEK_SET)
        record.l_start = off_t(bucket)
        record.l_len = 1
        while fcntl(descriptor, F_SETLKW, &record) != 0 {
            guard errno == EINTR else {
                throw APIError(.serviceUnavailable, "The rate limits cannot be counted", cause: "lock: errno \(errno)")
            }
        }
    }
}
