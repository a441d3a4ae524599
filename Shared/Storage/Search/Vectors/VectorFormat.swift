import CPlatform

/// How vectors are stored.
///
/// The vectors of a workspace that one model made are a set. Its rows are of two kinds: pages of several hundred
/// vectors, which every search reads, with one bit a dimension (`VectorPage`); and rows of a few vectors with eight bits
/// a dimension, of which a search reads those of its candidates. A page is filled over time, so pages need no merging.
///
/// What is stored is the difference to the set's centre, which stands for what all texts have in common: of some models,
/// that is most of a vector, and no bit would differ. Queries have it too, so its product with the difference is stored
/// as it is. With multilingual-e5-small, eight bits and this number cost .5 % of the ten nearest, eight bits alone 1 %.
/// Stored pages depend on all these numbers, so they never change.
struct VectorFormat: Equatable {
    let dimensions: Int

    /// In 64-bit words.
    var wordsPerCode: Int { (dimensions + 63) / 64 }
    /// A multiple of `groupSize`; 512 for 384 dimensions.
    var vectorsPerPage: Int { max(64, min(1024, 196_608 / max(1, dimensions) / 8 * 8)) }
    /// As many as fit a page of SQLite, so that each is read at once; 10 for 384 dimensions.
    var vectorsPerRow: Int { max(1, 3960 / bytesPerVector) }
    /// Two numbers, and a byte a dimension.
    var bytesPerVector: Int { Self.bytesOfNumbers + dimensions }
    var bytesPerGroup: Int { Self.groupSize * (wordsPerCode * 8 + 4) }

    /// The most dimensions.
    static let mostDimensions = 1 << 16
    static let bytesOfNumbers = 8
    /// How many codes lie side by side.
    static let groupSize = vector_group
    /// The most rows of values that a page has.
    static let rowsPerPage = 128

    /// The number of the row that has a vector's bytes.
    func row(of ordinal: Int, page: Int) -> Int { page &* Self.rowsPerPage &+ ordinal / vectorsPerRow }

    /// The numbers of all rows with bytes of a page's vectors. None if it has an impossible number.
    static func rows(of page: Int) -> Range<Int> {
        let (first, isImpossible) = page.multipliedReportingOverflow(by: rowsPerPage)
        return isImpossible || first > .max - rowsPerPage ? 0..<0 : first..<(first + rowsPerPage)
    }

    /// The bytes of a vector in its row. They are valid as long as the row's.
    func bytes(of ordinal: Int, in row: UnsafeBufferPointer<UInt8>) throws(VectorDamage) -> UnsafeBufferPointer<UInt8> {
        let start = ordinal % vectorsPerRow * bytesPerVector
        guard row.count >= start + bytesPerVector else { throw VectorDamage() }
        return UnsafeBufferPointer(rebasing: row[start..<(start + bytesPerVector)])
    }
}

/// A vector as it is stored.
struct VectorCode: Equatable {
    /// A bit a dimension: whether the vector is above the centre.
    var words: [UInt64]
    /// The product of the bits, as 1 and −1, with a query, times this, estimates the product of query and difference.
    var factor: UInt16
    /// The product of centre and difference.
    var offset: Int16
    /// A number, the product of centre and difference, and the difference divided by the number, rounded.
    var bytes: [UInt8]

    static let factorUnit: Float = 2 / 65535
    static let offsetUnit: Float = 2 / 32767

    init(words: [UInt64], factor: UInt16, offset: Int16, bytes: [UInt8]) {
        (self.words, self.factor, self.offset, self.bytes) = (words, factor, offset, bytes)
    }

    /// - Parameter vector: of length 1.
    init(_ vector: [Float], _ centre: [Float]) {
        let format = VectorFormat(dimensions: vector.count)
        words = Array(repeating: 0, count: format.wordsPerCode)
        let differences = zip(vector, centre).map { $0 - $1 }
        var (most, sum, square, product): (Float, Float, Float, Float) = (0, 0, 0, 0)
        for (index, difference) in differences.enumerated() {
            if difference > 0 { words[index >> 6] |= 1 << UInt64(index & 63) }
            most = max(most, abs(difference))
            sum += abs(difference)
            square += difference * difference
            product += difference * centre[index]
        }
        factor = UInt16(max(0, min(65535, sum > 0 ? (square / sum / Self.factorUnit).rounded() : 0)))
        offset = Int16(max(-32767, min(32767, (product / Self.offsetUnit).rounded())))
        bytes = Array(repeating: 0, count: format.bytesPerVector)
        let step = most > 0 ? most / 127 : 1
        var fit: Float = 0
        for (index, difference) in differences.enumerated() {
            let steps = max(-127, min(127, (difference / step).rounded()))
            bytes[VectorFormat.bytesOfNumbers + index] = UInt8(bitPattern: Int8(steps))
            fit += steps * difference
        }
        // What the steps are multiplied with, so that their product with the difference is exact.
        put(fit > 0 ? square / fit : 0, at: 0)
        put(product, at: 4)
    }

    private mutating func put(_ number: Float, at offset: Int) {
        for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(8 * byte)) }
    }
}

/// A query as it is compared with stored vectors.
struct VectorQueryCode {
    private let format: VectorFormat
    /// The product of query and centre, and that divided by the square of the centre.
    private let base: Float
    private let share: Float
    /// The query's part across the centre.
    private let across: [Float]
    /// The same in four bits a dimension, bit by bit.
    private let planes: [UInt64]
    private let weights: vector_weights

    init(_ vector: [Float], _ centre: [Float]) {
        format = VectorFormat(dimensions: vector.count)
        base = zip(vector, centre).reduce(0) { $0 + $1.0 * $1.1 }
        let square = centre.reduce(0) { $0 + $1 * $1 }
        let share = square > 0 ? base / square : 0
        let across = zip(vector, centre).map { $0 - share * $1 }
        (self.share, self.across) = (share, across)
        let most = across.reduce(0) { max($0, abs($1)) }
        let words = format.wordsPerCode
        var planes = [UInt64](repeating: 0, count: vector_planes * words)
        var sum = 0
        for (index, value) in across.enumerated() {
            // Not a number if nothing is across the centre.
            let share = value / most * 7.5
            let level = share.isFinite ? max(0, min(15, Int(share.rounded(.down)) + 8)) : 8
            sum += 2 * level - 15
            for plane in 0..<vector_planes {
                planes[plane * words + index >> 6] |= UInt64(level >> plane & 1) << UInt64(index & 63)
            }
        }
        self.planes = planes
        // The product with 1 and −1 is twice that with the set bits, less that with all.
        let slope = most / 7.5 * VectorCode.factorUnit
        weights = vector_weights(slope: slope, base: -slope * Float(sum) / 2, share: share * VectorCode.offsetUnit)
    }

    /// Estimates how near the codes of groups are: their cosines, less a number that depends on the query only.
    func estimate(_ groups: UnsafePointer<UInt64>, count: Int, to estimates: UnsafeMutablePointer<Float>) {
        vector_estimate(groups, count, format.wordsPerCode, planes, weights, estimates)
    }

    /// `VectorHit.similarity` of a cosine.
    func similarity(_ cosine: Double) -> Double {
        let unrelated = Double(base)
        return unrelated < 1 ? max(0, min(1, (cosine - unrelated) / (1 - unrelated))) : 0
    }

    /// The cosine of query and vector, as exactly as its bytes have it (`VectorFormat.bytes`).
    func cosine(_ bytes: UnsafeBufferPointer<UInt8>) throws(VectorDamage) -> Double {
        guard let start = bytes.baseAddress, bytes.count == format.bytesPerVector else { throw VectorDamage() }
        func number(at offset: Int) -> Float {
            let bits = UnsafeRawPointer(start).loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            return Float(bitPattern: UInt32(littleEndian: bits))
        }
        let product = vector_product(start + VectorFormat.bytesOfNumbers, across, across.count)
        let cosine = base + share * number(at: 4) + number(at: 0) * product
        guard cosine.isFinite else { throw VectorDamage() }
        return Double(max(-1, min(1, cosine)))
    }
}
