/// Finds out how a text file is encoded.
enum EncodingRecognition {
    /// The first that applies: the byte order mark, what the uploader states, UTF-16 by its NULs, what the file or its
    /// media type declares, UTF-8, and what is most probable.
    ///
    /// A declaration counts unless the bytes contradict it: many servers, editors and libraries declare Latin-1 or the
    /// encoding that a page had once.
    ///
    /// - Parameters:
    ///   - stated: what the uploader says. A file that is not encoded so is refused.
    ///   - mediaType: the media type that came with the file, with its parameters.
    /// - Throws: `unsupported` for a file that is not text, `unreadable` for an encoding that is not recognised.
    static func encoding(
        of bytes: [UInt8], stated: TextEncoding? = nil, mediaType: String? = nil
    ) throws(ExtractionError) -> TextEncoding {
        if let mark = TextDecoder.byteOrderMark(of: bytes) { return mark.encoding }
        if let stated {
            guard TextDecoder.isPlausible(bytes, as: stated) || stated == .utf8 && isMostlyUTF8(bytes) else {
                throw .unreadable("The file is not encoded as \(stated.name).")
            }
            try rejectBinary(bytes, as: stated)
            // "UTF-16" does not say which byte comes first.
            if case .utf16 = stated.scheme { return WideText.encoding(of: bytes, declared: stated) ?? stated }
            return stated
        }
        if let wide = WideText.encoding(of: bytes) { return wide }
        let label = mediaType.flatMap(DeclaredEncoding.ofMediaType)
        if let wide = try wide(bytes, declared: label) { return wide }
        try rejectBinary(bytes, as: .utf8)
        let declared = [label, DeclaredEncoding.ofContent(bytes)].compactMap(\.self)
        if let encoding = unicode(bytes, declared: declared.first) { return encoding }
        let detector = EncodingDetector(bytes)
        for encoding in declared where TextDecoder.isPlausible(bytes, as: encoding) && !detector.contradicts(encoding) {
            return encoding
        }
        if let detected = detector.detect(), TextDecoder.isPlausible(bytes, as: detected) { return detected }
        throw .unreadable(unrecognised)
    }

    private static let unrecognised =
        "The encoding of the file cannot be recognised. Name it in the form field charset, such as windows-1251, or "
        + "save the file as UTF-8."

    /// UTF-16 without an ASCII letter, and so without NULs; nil for other text. Where nobody declares it, it shows by
    /// control characters, which are halves of letters.
    private static func wide(
        _ bytes: [UInt8], declared: TextEncoding?
    ) throws(ExtractionError) -> TextEncoding? {
        guard bytes.count >= 2, bytes.count % 2 == 0 else { return nil }
        var wide: TextEncoding?
        if let declared, case .utf16 = declared.scheme { wide = declared }
        guard wide != nil || TextControls.count(in: bytes.prefix(binarySample)) > 0, !bytes.contains(0),
            !TextControls.isNarrow(bytes)
        else { return nil }
        if let wide { return WideText.encoding(of: bytes, declared: wide) }
        let orders = WideText.orders(of: bytes)
        if orders.count > 1 { throw .unreadable(unrecognised) }
        return orders.first
    }

    /// UTF-8, or the encoding of seven bits, if the bytes are either; nil for others, and for a text that can also be
    /// what is declared.
    private static func unicode(_ bytes: [UInt8], declared: TextEncoding?) -> TextEncoding? {
        if TextDecoder.isPlausible(bytes, as: .utf8) {
            guard bytes.contains(where: { $0 >= 0x80 }) else { return ISO2022JP.encoding(of: bytes) ?? .utf8 }
        } else if !isMostlyUTF8(bytes) {
            return nil
        }
        // Few letters of East Asia can be both by chance. A text with one byte per letter is never UTF-8 by chance.
        if case .multiByte? = declared?.scheme { return nil }
        return .utf8
    }

    /// Whether the bytes beyond ASCII look like UTF-8 with a few damaged places rather than like another encoding.
    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        var wellFormed = 0
        var illFormed = 0
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            index += 1
            if lead < 0x80 { continue }
            let wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1
            var found = 0
            while found < wanted, index < bytes.count, TextBytes.isContinuation(bytes[index]) {
                found += 1
                index += 1
            }
            let isWellFormed = lead >= 0xC2 && lead < 0xF5 && found == wanted
            if isWellFormed { wellFormed += 1 } else { illFormed += 1 }
        }
        return wellFormed > 4 * illFormed
    }

    /// How much of a file is searched for control characters.
    private static let binarySample = 65_536

    /// A short text can have this many, too.
    private static let fewControls = 4

    /// Throws if the bytes are not text: text has no NULs and few other control characters.
    private static func rejectBinary(_ bytes: [UInt8], as encoding: TextEncoding) throws(ExtractionError) {
        switch encoding.scheme {
        case .utf16, .utf32: return
        default: break
        }
        let sample = bytes.prefix(binarySample)
        let controls = TextControls.count(in: sample)
        guard !bytes.contains(0),
            controls * 50 <= sample.count || controls <= fewControls && controls * 4 <= sample.count
        else {
            throw .unsupported("The file is not a text document.")
        }
    }
}
