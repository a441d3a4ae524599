/// A growable buffer of bytes: appended to, and read as a whole.
///
/// A class on purpose: responses pass through several writers, and a shared buffer needs neither copies nor uniqueness
/// checks. It belongs to one request at a time, so its properties can do without the runtime's exclusivity checks,
/// which took a fifth of a request's time.
public final class ByteBuffer {
    @exclusivity(unchecked) private var storage: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var capacity: Int
    @exclusivity(unchecked) public private(set) var count = 0

    public init(capacity: Int = 1024) {
        self.capacity = max(capacity, 16)
        storage = .allocate(capacity: self.capacity)
    }

    public convenience init(_ bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count)
        append(contentsOf: bytes)
    }

    public convenience init(_ text: String) {
        self.init(capacity: text.utf8.count)
        append(text)
    }

    deinit { storage.deallocate() }

    public var isEmpty: Bool { count == 0 }

    /// The bytes written so far; valid until the next write.
    public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: storage, count: count) }

    /// The bytes as text. Ill-formed UTF-8 is replaced by U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Removes the content. Releases memory beyond `limit` bytes, so that one large request does not leave a warm
    /// process large.
    public func removeAll(keepingAtMost limit: Int = 256 * 1024) {
        count = 0
        guard capacity > limit else { return }
        storage.deallocate()
        capacity = 1024
        storage = .allocate(capacity: capacity)
    }

    /// Removes the first `length` bytes and moves the rest to the front.
    public func removeFirst(_ length: Int) {
        precondition(length >= 0 && length <= count)
        storage.update(from: storage + length, count: count - length)
        count -= length
    }

    /// Truncates the content to the first `length` bytes.
    public func removeLast(downTo length: Int) {
        precondition(length >= 0 && length <= count)
        count = length
    }

    /// Makes room for `extra` more bytes, at least doubling the capacity, so that appending takes linear time.
    @inline(__always)
    public func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    @inline(never)
    private func grow(_ extra: Int) {
        let grown = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: grown)
        moved.update(from: storage, count: count)
        storage.deallocate()
        storage = moved
        capacity = grown
    }

    public func append(_ byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
    }

    public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        reserve(bytes.count)
        (storage + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    /// Appends a copy of part of the content.
    public func append(copyOf part: Range<Int>) {
        precondition(part.lowerBound >= 0 && part.upperBound <= count)
        reserve(part.count)
        (storage + count).update(from: storage + part.lowerBound, count: part.count)
        count += part.count
    }

    public func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    public func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    public func append(contentsOf bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ append($0) }) != nil { return }
        for byte in bytes { append(byte) }
    }

    public func append(_ other: ByteBuffer) { append(other.bytes) }

    /// Appends a number in decimal.
    public func append(decimal value: Int64) {
        appendUninitialized(capacity: Decimal.maximumLength) { target in
            target.baseAddress.map { Decimal.write(value, at: $0) - $0 } ?? 0
        }
    }

    /// Lets `body` write up to `capacity` bytes after the content. Keeps the number of bytes it returns.
    public func appendUninitialized(
        capacity extra: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) throws -> Int
    ) rethrows {
        reserve(extra)
        let used = try body(UnsafeMutableBufferPointer(start: storage + count, count: extra))
        precondition(used >= 0 && used <= extra)
        count += used
    }
}
