import Wire

/// Text reduced to what makes it the same answer: letters and digits, whatever their case, width and composition, with
/// one blank wherever there is something else.
struct ComparedText {
    private static let blank = UInt8(ascii: " ")

    let bytes: [UInt8]

    init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.composed.unicodeScalars {
            let scalar = Self.narrow(scalar)
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber:
                bytes += scalar.properties.lowercaseMapping.utf8
            default:
                if bytes.last != Self.blank { bytes.append(Self.blank) }
            }
        }
        if bytes.last == Self.blank { bytes.removeLast() }
        if bytes.first == Self.blank { bytes.removeFirst() }
        self.bytes = bytes
    }

    /// Whether `other` occurs in this text. An empty one does not.
    func contains(_ other: ComparedText) -> Bool {
        guard let first = other.bytes.first, other.bytes.count <= bytes.count else { return false }
        for start in 0...(bytes.count - other.bytes.count)
        where bytes[start] == first && bytes[start...].starts(with: other.bytes) {
            return true
        }
        return false
    }

    /// The ordinary form of a full-width letter or digit.
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    }
}
