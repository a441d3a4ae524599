/// The text to normalise: two parts, one after the other, and how far they were read.
struct NormalisedText {
    fileprivate var part: UnsafeBufferPointer<UInt8>
    fileprivate var rest: UnsafeBufferPointer<UInt8>?
    fileprivate var position = 0
    /// Whether a space would be the second in a row.
    fileprivate var isAfterSpace = false
    fileprivate var isStarted = false

    init(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>) {
        (part, rest) = (first, second)
    }
}

/// Normalises text as the vocabulary expects it: replaces scalars (NFKC, control characters, kinds of spaces), makes one
/// space of several, puts one in front, and writes `▁` for it.
struct Normaliser: @unchecked Sendable {
    private let file: ModelFile
    private let index: UnsafeBufferPointer<UInt16>
    private let pages: UnsafeBufferPointer<UInt16>
    private let text: UnsafeRawBufferPointer

    private static let pageBits = 6
    private static let space: UInt8 = 0x20

    init(_ file: ModelFile) throws(ModelFileError) {
        self.file = file
        index = try file.numbers("normalise", of: UInt16.self)
        pages = try file.numbers("normalise.pages", of: UInt16.self)
        text = try file.section("normalise.text")
        let pageCount = pages.count >> Self.pageBits
        guard index.allSatisfy({ Int($0.littleEndian) < pageCount }), pages.allSatisfy({ replacement(at: $0) != nil })
        else { throw file.damaged("its normalisation is cut off") }
    }

    /// Normalises what comes next, until `output` has no room for another replacement.
    /// - Returns: whether this was the rest of the text.
    func append(_ input: inout NormalisedText, to output: inout ByteRun) -> Bool {
        if !input.isStarted {
            (input.isStarted, input.isAfterSpace) = (true, true)
            output.appendSpace()
        }
        while output.hasRoom {
            guard input.position < input.part.count else {
                guard let rest = input.rest else { return true }
                (input.part, input.rest, input.position) = (rest, nil, 0)
                continue
            }
            let (scalar, length) = Self.scalar(in: input.part, at: input.position)
            let entry = entry(of: scalar)
            if entry == 0 {
                if scalar == UInt32(Self.space) {
                    if !input.isAfterSpace { output.appendSpace() }
                    input.isAfterSpace = true
                } else {
                    output.append(input.part, from: input.position, count: length)
                    input.isAfterSpace = false
                }
            } else if let replacement = replacement(at: entry) {
                append(replacement, to: &output, &input.isAfterSpace)
            }
            input.position += length
        }
        return false
    }

    private func append(_ replacement: Range<Int>, to output: inout ByteRun, _ isAfterSpace: inout Bool) {
        for place in replacement {
            if text[place] != Self.space {
                output.append(text[place])
                isAfterSpace = false
            } else {
                if !isAfterSpace { output.appendSpace() }
                isAfterSpace = true
            }
        }
    }

    @inline(__always)
    private func entry(of scalar: UInt32) -> UInt16 {
        let page = Int(scalar >> UInt32(Self.pageBits))
        guard page < index.count else { return 0 }
        let start = Int(index[page].littleEndian) << Self.pageBits
        return pages[start | Int(scalar & (1 << UInt32(Self.pageBits) - 1))].littleEndian
    }

    /// Where the replacement is in `text`: its first byte is its length. Nil if that is outside.
    @inline(__always)
    private func replacement(at entry: UInt16) -> Range<Int>? {
        if entry == 0 { return 0..<0 }
        let start = Int(entry)
        guard start <= text.count else { return nil }
        let end = start + Int(text[start - 1])
        return end <= text.count ? start..<end : nil
    }

    /// The scalar and its length in bytes. The text is UTF-8, as every `String`; beyond its end are zeros.
    @inline(__always)
    private static func scalar(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> (UInt32, Int) {
        let lead = UInt32(text[position])
        if lead < 0x80 { return (lead, 1) }
        func next(_ distance: Int) -> UInt32 { UInt32(text[min(position + distance, text.count - 1)]) & 0x3F }
        let length = min(Lattice.scalarLength(UInt8(lead)), text.count - position)
        switch length {
        case 2: return ((lead & 0x1F) << 6 | next(1), 2)
        case 3: return ((lead & 0x0F) << 12 | next(1) << 6 | next(2), 3)
        case 4: return ((lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
        default: return (lead, 1)
        }
    }
}
