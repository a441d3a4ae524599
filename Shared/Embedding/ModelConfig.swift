/// The dimensions of an encoder.
public struct ModelConfig: Equatable, Sendable {
    /// The length of a token's vector, and of the result.
    public var hidden: Int
    public var layers: Int
    public var heads: Int
    /// The width of the layers between.
    public var inner: Int
    /// Token ids are below this.
    public var rows: Int
    /// The most tokens of a text.
    public var positions: Int
    /// What layer normalisation adds to the variance.
    public var epsilon: Float

    private static let size = 32

    /// Reads the section `config`; nil if it cannot be true. Afterwards no product of dimensions overflows.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.size else { return nil }
        let limits = [1 << 14, 1 << 10, 1 << 10, 1 << 16, 1 << 22, 1 << 16]
        let numbers = limits.indices.map {
            Int(UInt32(littleEndian: bytes.load(fromByteOffset: $0 * 4, as: UInt32.self)))
        }
        guard zip(numbers, limits).allSatisfy({ (1...$1).contains($0) }) else { return nil }
        (hidden, layers, heads, inner) = (numbers[0], numbers[1], numbers[2], numbers[3])
        // The number of types of tokens follows; the rows of positions contain that of the only one in use.
        (rows, positions) = (numbers[4], numbers[5])
        epsilon = Float(bitPattern: UInt32(littleEndian: bytes.load(fromByteOffset: 28, as: UInt32.self)))
        guard hidden.isMultiple(of: heads), epsilon.isFinite, epsilon >= 0, epsilon < 1 else { return nil }
    }
}
