/// Right-to-left text in the order in which it is read. `pdftotext` reports words from left to right, and their letters,
/// too.
enum PDFDirection {
    /// A line of words in reading order; nil if it has no letters that are written from right to left.
    ///
    /// Letters of the other direction and numbers keep their order (as in `pdftotext`'s own output, a simplification of
    /// UAX #9).
    static func reordered(_ line: ArraySlice<UInt8>) -> (text: [UInt8], isRightToLeft: Bool)? {
        // In UTF-8, these letters begin with D6 to DF, E0 or EF.
        guard line.contains(where: { $0 >= 0xD6 && $0 < 0xE1 || $0 == 0xEF }) else { return nil }
        let scalars = Array(String(decoding: line, as: UTF8.self).unicodeScalars)
        let right = scalars.count(where: isRightToLeft)
        guard right > 0 else { return nil }
        let isRightToLeft = right > scalars.count(where: isLeftToRight)
        var text = String.UnicodeScalarView()
        var rest = (isRightToLeft ? scalars.reversed() : scalars)[...]
        // The sections that run against the line's direction are turned.
        while !rest.isEmpty {
            let along = rest.prefix { isRightToLeft ? !isLeftToRight($0) && !isNumber($0) : !self.isRightToLeft($0) }
            text.append(contentsOf: along)
            rest.removeFirst(along.count)
            var against = Array(
                rest.prefix { isRightToLeft ? !self.isRightToLeft($0) : !isLeftToRight($0) && !isNumber($0) })
            // Spaces and punctuation at the end belong to the line's direction.
            while let last = against.last, !isStrong(last), !isNumber(last) { against.removeLast() }
            text.append(contentsOf: against.reversed())
            rest.removeFirst(against.count)
            if along.isEmpty, against.isEmpty { break }
        }
        text.append(contentsOf: rest)
        return (Array(String(text).utf8), isRightToLeft)
    }

    /// Hebrew, Arabic, and the scripts beside them.
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        (0x0590...0x08FF).contains(scalar.value) && !(0x0660...0x066C).contains(scalar.value)
            && !(0x06F0...0x06F9).contains(scalar.value)
            || (0xFB1D...0xFDFF).contains(scalar.value) || (0xFE70...0xFEFC).contains(scalar.value)
    }

    private static func isLeftToRight(_ scalar: Unicode.Scalar) -> Bool {
        !isRightToLeft(scalar) && scalar.properties.isAlphabetic
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }

    private static func isStrong(_ scalar: Unicode.Scalar) -> Bool { isRightToLeft(scalar) || isLeftToRight(scalar) }
}
