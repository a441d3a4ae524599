import CPlatform

/// Copies the content of a JSON string and resolves its escapes.
///
/// Every body passes through the runner as JSON within JSON. Eight bytes at a time, this took a tenth of a whole
/// request, so x86-64 uses blocks of 64 bytes. Swift cannot make a bit mask from a vector, so C does that
/// (`CVector.h`).
struct JSONStringRun {
    private(set) var source: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    private(set) var target: UnsafeMutablePointer<UInt8>
    /// Whether the content may contain non-ASCII bytes.
    private(set) var hasNonASCII = false

    /// - Parameter target: has room for all bytes of the source.
    init(source: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, target: UnsafeMutablePointer<UInt8>) {
        (self.source, self.end, self.target) = (source, end, target)
    }

    #if arch(x86_64)
        private static let blockLength = 64
        /// Few pieces between two escapes are longer.
        private static let pieceLength = 32

        /// Copies whole blocks, up to the first that stops the run. The special bytes of a block are found all at once.
        mutating func copyBlocks() {
            while end - source >= Self.blockLength + Self.pieceLength {
                guard copyBlock(vector_json_marks(source)) else { return }
            }
        }

        /// Copies the pieces between the escapes of a block. Returns false if something stopped the run.
        private mutating func copyBlock(_ marks: json_marks) -> Bool {
            if marks.non_ascii != 0 { hasNonASCII = true }
            let literals = marks.quotes | marks.backslashes
            var (special, copied) = (literals | marks.controls, 0)
            while special != 0 {
                let next = special.trailingZeroBitCount
                copyPiece(copied, next)
                copied = next
                // The byte after the block belongs to the next block.
                if next == Self.blockLength - 1, marks.backslashes >> 63 != 0 { break }
                guard marks.backslashes >> UInt64(next) & 1 != 0, literals >> UInt64(next + 1) & 1 != 0 else {
                    source += copied
                    return false
                }
                // The next piece begins with the escaped byte.
                copied += 1
                special &= ~3 &<< UInt64(next)
            }
            if special == 0 {
                copyPiece(copied, Self.blockLength)
                copied = Self.blockLength
            }
            source += copied
            return true
        }

        /// Copies a part of the block to the end of the target. The next piece overwrites the excess.
        @inline(__always)
        private mutating func copyPiece(_ start: Int, _ end: Int) {
            copyHalf(at: start, to: 0)
            if end - start > Self.pieceLength { copyHalf(at: start + Self.pieceLength, to: Self.pieceLength) }
            target += end - start
        }

        @inline(__always)
        private func copyHalf(at index: Int, to offset: Int) {
            UnsafeMutableRawPointer(target + offset).storeBytes(
                of: UnsafeRawPointer(source + index).loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
        }
    #endif

    /// Copies eight bytes at a time, until something stops the run or fewer than eight are left.
    mutating func copyWords() {
        while end - source >= 8 {
            let word = JSONStringScan.load(source)
            UnsafeMutableRawPointer(target).storeBytes(of: word.littleEndian, as: UInt64.self)
            let special = JSONStringScan.specials(in: word)
            let plain = special == 0 ? 8 : special.trailingZeroBitCount / 8
            if word & JSONStringScan.highBits != 0 { hasNonASCII = true }
            source += plain
            target += plain
            if special == 0 { continue }
            guard end - source >= 2, source[0] == 0x5C, source[1] == 0x22 || source[1] == 0x5C else { return }
            target.pointee = source[1]
            source += 2
            target += 1
        }
    }
}
