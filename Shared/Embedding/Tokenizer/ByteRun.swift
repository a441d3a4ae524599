/// Bytes that are written into memory of a fixed size. Writers stop when there is no room for one more replacement.
struct ByteRun {
    private(set) var count: Int
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// The longest thing that is appended at once: the length of a replacement is a byte, and each space becomes 3 bytes.
    static let slack = 3 * 255

    init(_ memory: UnsafeMutableBufferPointer<UInt8>, count: Int) {
        (self.memory, self.count) = (memory, count)
    }

    var hasRoom: Bool { count + Self.slack <= memory.count }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        memory[count] = byte
        count += 1
    }

    /// Appends `▁`.
    @inline(__always)
    mutating func appendSpace() {
        append(0xE2)
        append(0x96)
        append(0x81)
    }

    @inline(__always)
    mutating func append(_ source: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) {
        for place in start..<start + count { append(source[place]) }
    }
}
