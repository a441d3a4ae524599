import CPlatform
import Crypto
import Glibc
import Models
import Wire

/// Counts requests by caller and window of time, exactly, across all processes of an installation.
///
/// A file of fixed size, mapped into every process: counting takes a record lock on one bucket and a
/// change in memory, about two microseconds, where a database would take ten times that and parse
/// its schema at every cold start. Nothing is synced: after a crash of the machine, counting starts
/// again. Locks of a process that dies are released by the kernel.
public final class RateLimitTable {
    /// Whether a request is within its limit, and what is left of it.
    public struct Verdict: Sendable {
        public var limit: Int
        /// How many more are allowed in this window.
        public var remaining: Int
        /// When the window ends.
        public var resetsAt: Timestamp
        public var isAllowed: Bool
    }

    /// 128 bits of the caller's hash: nothing about callers is readable in the file.
    private typealias Key = (high: UInt64, low: UInt64)

    /// One counter. All zero when it was never used.
    private struct Slot {
        var keyHigh: UInt64 = 0
        var keyLow: UInt64 = 0
        /// When its window ends, in milliseconds since 1970.
        var end: Int64 = 0
        var count: Int64 = 0
    }

    /// What a counter counts. Each kind has slots of its own: invented names push out each other, and never a counter
    /// that protects an account.
    public enum Subject: Sendable {
        /// An account that exists, alone or together with the address that it is tried from.
        case account
        /// An address that requests come from.
        case address
        /// A name without an account, of which there can be any number.
        case unknownName

        /// Among those of a bucket.
        fileprivate var slots: Range<Int> {
            switch self {
            case .account: 0..<16
            case .address: 16..<24
            case .unknownName: 24..<RateLimitTable.slotsPerBucket
            }
        }
    }

    /// Callers whose hash leads to the same bucket share its slots.
    fileprivate static let slotsPerBucket = 32
    private static let buckets = 4096
    private static let slotSize = MemoryLayout<Slot>.stride
    private static let fileSize = buckets * slotsPerBucket * slotSize
    private let hash: HMACSHA256
    private var keys = RecentValues<String, Key>()

    private let descriptor: Int32
    private let slots: UnsafeMutablePointer<Slot>

    /// Opens the table at `path`, making it where needed (4 MiB).
    ///
    /// - Parameter secret: what decides in which bucket a caller is counted. Without one, an attacker
    ///   could work out texts that push a counter out of its bucket.
    public init(path: String, secret: String) throws {
        hash = HMACSHA256(key: Array("nexlayer rate limits \(secret)".utf8))
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // NB: a file of another size is of another version, or cut off; growing or cutting it is safe,
        // since every process maps it at this size and zeros are empty slots.
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

    /// Gives the file its size, and every byte of it a place on the disk: touching a hole of a mapped file is SIGBUS when
    /// the disk is full.
    private static func allocate(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        if status.st_size == fileSize, Int(status.st_blocks) * 512 >= fileSize { return true }
        if status.st_size > fileSize, ftruncate(descriptor, fileSize) != 0 { return false }
        if platform_allocate(descriptor, Int64(fileSize)) == 0 { return true }
        guard errno == EOPNOTSUPP else { return false }
        // File systems without it: what is written has its place.
        let zeros = [UInt8](repeating: 0, count: 65_536)
        for offset in stride(from: Int(status.st_size), to: fileSize, by: zeros.count) {
            let count = min(zeros.count, fileSize - offset)
            guard pwrite(descriptor, zeros, count, offset) == count else { return false }
        }
        return true
    }

    /// Counts one request of `caller` if it is within `limit` in a window of `seconds`, which begins with the first
    /// request.
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

    /// The slot that counts for `key` now: its own, else the one whose window ends first. Mostly that is over,
    /// or was never used; it takes more active callers than the table has room for that it is not.
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

    /// A window that begins well in the future was written before the clock was set back.
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
