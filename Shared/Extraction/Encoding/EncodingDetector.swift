/// Detects the encoding of text without a byte order mark or a declaration.
///
/// Every candidate decodes a sample. What it yields is rated as text of the languages that were written in it, by how
/// often their letters occur and by which signs stand side by side. The most probable text wins, so that all
/// candidates, with one byte per scalar or with two, are compared by one measure: information in half bits.
struct EncodingDetector {
    private let sample: DetectionSample

    /// - Parameter bytes: text that is not UTF-8.
    init(_ bytes: [UInt8]) { sample = DetectionSample(of: bytes) }

    /// How well an encoding explains the text.
    struct Rating {
        let encoding: TextEncoding
        /// In half bits.
        let cost: Int
        /// The part of the cost that is not of ASCII.
        let costBeyondASCII: Int
    }

    /// The most probable encoding; nil if none makes text of the bytes, or if another text is about as probable.
    ///
    /// Of a few bytes, Western ones are assumed: signs such as ° or ’ in English text tell nothing.
    func detect() -> TextEncoding? {
        let ratings = candidates
        guard let best = ratings.first else { return nil }
        if best.encoding == .windows1252 { return .windows1252 }
        for rival in ratings.dropFirst() {
            let distance = rival.cost - best.cost
            if distance < Self.doubtOfFew, sample.countBeyondASCII <= Self.few, rival.encoding == .windows1252 {
                return .windows1252
            }
        }
        for rival in ratings.dropFirst() where rival.cost - best.cost < Self.doubt {
            if !sample.isAlike(in: best.encoding, rival.encoding) { return nil }
        }
        return best.encoding
    }

    /// A text is chosen if it is 2^4 times as probable as the next.
    private static let doubt = 8
    private static let doubtOfFew = 10
    private static let few = 2

    /// The maximum cost of a byte beyond ASCII in text that counts as recognised, and how many such bytes are judged
    /// more leniently, because a few of them tell little.
    private static let maximumCost = 16
    private static let leniency = 60
    /// The same for Western text, which may have many signs.
    private static let maximumWesternCost = 25

    /// The candidates that make text of the bytes, the most probable first.
    private var candidates: [Rating] {
        Self.hypotheses.map(rate).filter { rating in
            let limit = rating.encoding == .windows1252 ? Self.maximumWesternCost : Self.maximumCost
            return rating.costBeyondASCII <= limit * sample.countBeyondASCII + Self.leniency
        }.sorted { $0.cost < $1.cost }
    }

    /// Whether the bytes are certainly not in an encoding although it is declared. Only Latin-1 is doubted, which is
    /// what many libraries declare if nobody tells them another.
    func contradicts(_ declared: TextEncoding) -> Bool {
        guard declared == .windows1252, sample.countBeyondASCII >= Self.certainCount,
            let latin = Self.hypotheses.first(where: { $0.encoding == declared }), let best = candidates.first
        else { return false }
        return best.cost + Self.certainMargin * sample.countBeyondASCII < rate(latin).cost
    }

    private static let certainCount = 8
    private static let certainMargin = 6

    /// An encoding, the languages that were written in it, and the cost of assuming it.
    private struct Hypothesis {
        let encoding: TextEncoding
        let languages: [String]
        let cost: Int
    }

    private static let hypotheses: [Hypothesis] = {
        let western = ["en", "de", "fr", "es", "pt", "it", "nl", "ca", "da", "nb", "sv", "fi", "is", "et"]
        let central = ["en", "cs", "sk", "pl", "hu", "ro", "sh", "sl", "de"]
        let cyrillic = ["ru", "uk", "bg", "mk", "be"]
        let baltic = ["lt", "lv", "et", "en"]
        let list: [(String, [String], Int)] = [
            ("windows-1252", western, 0), ("iso-8859-15", western, 4), ("macintosh", western, 12),
            ("ibm850", western, 10), ("ibm437", western, 12),
            ("windows-1250", central, 10), ("iso-8859-2", central, 12), ("ibm852", central, 14),
            ("x-mac-ce", central, 18),
            ("windows-1251", cyrillic, 4), ("koi8-r", ["ru", "bg"], 6), ("koi8-u", ["uk", "ru", "be"], 7),
            ("ibm866", cyrillic, 8), ("iso-8859-5", cyrillic, 9), ("x-mac-cyrillic", cyrillic, 12),
            ("ibm855", cyrillic, 18),
            ("windows-1253", ["el"], 4), ("iso-8859-7", ["el"], 12), ("ibm737", ["el"], 12),
            ("windows-1254", ["tr"], 8), ("ibm857", ["tr"], 14),
            ("windows-1255", ["he"], 6), ("iso-8859-8", ["he"], 8), ("ibm862", ["he"], 14),
            ("windows-1256", ["ar", "fa", "ur"], 8), ("iso-8859-6", ["ar"], 10),
            ("windows-1257", baltic, 12), ("iso-8859-13", baltic, 14), ("iso-8859-4", baltic, 18),
            ("ibm775", baltic, 18),
            ("windows-1258", ["vi"], 12), ("windows-874", ["th"], 6),
            ("gb18030", ["zh"], 4), ("shift_jis", ["ja"], 5), ("euc-jp", ["ja"], 5), ("big5", ["zh"], 6),
            ("euc-kr", ["ko"], 5),
        ]
        return list.map { Hypothesis(encoding: TextEncoding(named: $0), languages: $1, cost: $2) }
    }()

    private func rate(_ hypothesis: Hypothesis) -> Rating {
        let score: (beyond: Int, ascii: Int) =
            switch hypothesis.encoding.scheme {
            case .multiByte(let encoding): sample.score(as: encoding)
            default: sample.score(as: SingleByteTable(named: hypothesis.encoding.name), in: hypothesis.languages)
            }
        return Rating(
            encoding: hypothesis.encoding, cost: hypothesis.cost + score.beyond + score.ascii,
            costBeyondASCII: score.beyond)
    }
}

/// The parts of a file from which its encoding is detected: lines with bytes beyond ASCII.
struct DetectionSample {
    /// The sample is as large at most, in this many parts of the file.
    private static let size = 24_576
    private static let parts = 3
    /// How far a part may be from a place where a scalar certainly begins.
    private static let maximumGap = 65_536
    /// How much of a line is taken.
    private static let lineLength = 400

    let bytes: [UInt8]
    let countBeyondASCII: Int

    init(of file: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size + Self.lineLength)
        file.withUnsafeBufferPointer { file in
            let parts = file.count <= Self.size ? 1 : Self.parts
            for part in 0..<parts {
                guard let start = Self.boundary(in: file, from: file.count / parts * part) else { continue }
                let end = part + 1 < parts ? file.count / parts * (part + 1) : file.count
                Self.add(file, from: start, to: end, upTo: Self.size / parts * (part + 1), into: &bytes)
            }
        }
        self.bytes = bytes
        countBeyondASCII = bytes.count { $0 >= 0x80 }
    }

    /// The next position at which a scalar begins in every encoding: behind a byte that is no second half.
    private static func boundary(in file: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        if start == 0 { return 0 }
        let end = min(file.count, start + maximumGap)
        for index in start..<end where file[index] < 0x30 { return index }
        return nil
    }

    private static func add(
        _ file: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, upTo size: Int, into bytes: inout [UInt8]
    ) {
        var index = start
        while index < end, bytes.count < size {
            // A run of ASCII is skipped up to its last words.
            var beyond = index
            while beyond < end, file[beyond] < 0x80 { beyond += 1 }
            guard beyond < end else { return }
            index = max(index, beyond - lineLength / 4)
            // Also in a long line, a piece ends where a scalar does.
            var last = min(end, beyond + lineLength)
            let limit = min(end, last + maximumGap, last + size - bytes.count)
            while last < limit, file[last] >= 0x30 { last += 1 }
            bytes.append(contentsOf: file[index..<last])
            bytes.append(0x0A)
            index = last
        }
    }

    /// Whether two encodings make the same text of the sample, but for one in fifty scalars.
    func isAlike(in first: TextEncoding, _ second: TextEncoding) -> Bool {
        let texts = [first, second].map {
            Array(String(decoding: TextDecoder.decode(bytes, as: $0), as: UTF8.self).unicodeScalars)
        }
        guard texts[0].count == texts[1].count else { return false }
        return zip(texts[0], texts[1]).count { $0 != $1 } * 50 <= texts[0].count
    }

    // MARK: Encodings with one byte

    /// The cost in the language that fits best, without and with ASCII.
    func score(as table: SingleByteTable, in languages: [String]) -> (beyond: Int, ascii: Int) {
        let scalars = (0..<UInt8(128)).map { Unicode.Scalar($0) } + table.scalars
        let classes = scalars.enumerated().map { $0 < 128 ? ByteClass(ascii: UInt8($0)) : ByteClass($1) }
        var counts = Array(repeating: 0, count: 256)
        // Of letters and the edges of words, which are spaces here.
        var pairs: [UInt16: Int] = [:]
        var cost = 0
        var (last, beforeLast) = (ByteClass.space, ByteClass.space)
        var (lastByte, byteBefore): (UInt8, UInt8) = (0, 0)
        var lastIsLatin: Bool?
        for byte in bytes {
            let current = classes[Int(byte)]
            counts[Int(byte)] += 1
            cost += ByteClass.pairs[last.rawValue * ByteClass.count + current.rawValue]
            if last.isAlphabetic && lastByte >= 0x80 || current.isAlphabetic && byte >= 0x80 {
                pairs[
                    UInt16(last.isAlphabetic ? lastByte : 0x20) << 8 | UInt16(current.isAlphabetic ? byte : 0x20),
                    default: 0] += 1
            }
            if current.isAlphabetic {
                if beforeLast.isAlphabetic {
                    if last == .quote { cost += ByteClass.signWithinWord }
                    if last == .joiner { cost += ByteClass.joinerWithinWord }
                    if beforeLast.isUpper, last.isUpper, current.isLower, byte >= 0x80 || lastByte >= 0x80 {
                        cost += ByteClass.smallBehindCapitals
                    }
                }
                if byte >= 0x80, byte == lastByte, byte == byteBefore { cost += ByteClass.repeatedLetter }
                if current.isLatin != (lastIsLatin ?? current.isLatin) { cost += ByteClass.change }
                if current != .mark { lastIsLatin = current.isLatin }
            } else if current == .box, byte == lastByte {
                cost -= ByteClass.repeatedLine
            }
            (beforeLast, last, byteBefore, lastByte) = (last, current, lastByte, byte)
        }
        let letters = (0..<256).filter { counts[$0] > 0 && classes[$0].isAlphabetic }
        for byte in 128..<256 where counts[byte] > 0 && !classes[byte].isAlphabetic {
            cost += counts[byte] * ByteClass.cost(of: scalars[byte])
        }
        let folded = scalars.map { $0.properties.lowercaseMapping.unicodeScalars.first ?? $0 }
        var best: (beyond: Int, ascii: Int)?
        for profile in languages.compactMap(LanguageProfile.named) {
            let isLatin = profile.isLatin
            var (beyond, ascii) = (cost, 0)
            for byte in letters {
                if byte >= 128 {
                    beyond += counts[byte] * profile.cost(of: folded[byte])
                } else {
                    ascii += counts[byte] * (isLatin ? profile : .english).cost(of: folded[byte])
                }
            }
            for (pair, count) in pairs {
                beyond += count * profile.cost(of: folded[Int(pair >> 8)], before: folded[Int(pair & 0xFF)])
            }
            if let best, best.beyond + best.ascii <= beyond + ascii { continue }
            best = (beyond, ascii)
        }
        return best ?? (cost, 0)
    }

    // MARK: Encodings with several bytes

    func score(as encoding: MultiByteEncoding) -> (beyond: Int, ascii: Int) {
        let characters = CommonCharacters.of(encoding)
        var (beyond, ascii) = (0, 0)
        var last: Unicode.Scalar = " "
        var lastIsLatin: Bool?
        bytes.withUnsafeBufferPointer { bytes in
            encoding.forEach(in: bytes) { scalar in
                let scalar = scalar ?? EncodingTables.none
                var isLatin = lastIsLatin
                if scalar.value >= 0x80 {
                    beyond += characters.cost(of: scalar, after: last)
                    if CommonCharacters.isAlphabetic(scalar) { isLatin = false }
                } else if TextBytes.isLetter(UInt8(scalar.value)) {
                    ascii += LanguageProfile.english.cost(of: Unicode.Scalar(TextBytes.lowercase(UInt8(scalar.value))))
                    isLatin = true
                }
                if isLatin != lastIsLatin, lastIsLatin != nil { beyond += ByteClass.change }
                (last, lastIsLatin) = (scalar, isLatin)
            }
        }
        return (beyond, ascii)
    }
}
