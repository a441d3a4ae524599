/// Folds case and removes diacritics, one scalar at a time, exactly like FTS5's `unicode61 remove_diacritics 2`.
enum Folding {
    /// Whether a scalar is part of a token: a letter, a number or a private-use scalar.
    static func isTokenScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }

    /// Whether a scalar is a combining mark (U+0300 and up) that continues a token and is dropped from it.
    static func isDiacritic(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300..<0x320: 0x0802_9FDF & (UInt32(1) << (scalar.value - 0x300)) != 0
        case 0x320..<0x332: 0x0003_61F8 & (UInt32(1) << (scalar.value - 0x320)) != 0
        default: false
        }
    }

    /// Whether a scalar is a combining mark that is part of a word's spelling, as the vowel signs of Hindi and Thai.
    static func isVowelSign(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= firstVowelSign, !isPoint(scalar) else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }

    /// Behind the marks and points of alphabets: Latin, Greek, Cyrillic, Hebrew, Arabic, Syriac.
    private static let firstVowelSign: UInt32 = 0x07A6

    /// Whether a scalar is a mark that most texts omit: a vowel point of Hebrew or Arabic, or an invisible joiner.
    static func isPoint(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0591...0x05BD, 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7: true
        case 0x0610...0x061A, 0x064B...0x065F, 0x0670, 0x06D6...0x06DC, 0x06DF...0x06E4: true
        case 0x200C, 0x200D: true
        default: false
        }
    }

    /// The folded form of a token's scalar.
    static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 { return asciiLowercase(scalar) }
        if let base = baseLetters[scalar] { return base }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        guard lower.count == 1, let first = lower.first else { return scalar }
        return first
    }

    private static func asciiLowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }

    /// Letters with diacritics, each with its folded form.
    private static let baseLetters: [Unicode.Scalar: Unicode.Scalar] = {
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (base, letters) in families {
            for letter in letters.unicodeScalars { table[letter] = base }
        }
        return table
    }()

    /// Latin letters, grouped by the letter that they fold to; then Greek variants whose lower case differs from their
    /// case folding.
    private static let families: KeyValuePairs<Unicode.Scalar, String> = [
        "a": "ÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǺǻȀȁȂȃȦȧḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặ\u{212B}",
        "b": "ḂḃḄḅḆḇ",
        "c": "ÇçĆćĈĉĊċČčḈḉ",
        "d": "ĎďḊḋḌḍḎḏḐḑḒḓ",
        "e": "ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇȨȩḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệ",
        "f": "Ḟḟ",
        "g": "ĜĝĞğĠġĢģǦǧǴǵḠḡ",
        "h": "ĤĥȞȟḢḣḤḥḦḧḨḩḪḫẖ",
        "i": "ÌÍÎÏìíîïĨĩĪīĬĭĮįİǏǐȈȉȊȋḬḭḮḯỈỉỊị",
        "j": "Ĵĵǰ",
        "k": "ĶķǨǩḰḱḲḳḴḵ",
        "l": "ĹĺĻļĽľḶḷḸḹḺḻḼḽ",
        "m": "ḾḿṀṁṂṃ",
        "n": "ÑñŃńŅņŇňǸǹṄṅṆṇṈṉṊṋ",
        "o": "ÒÓÔÕÖòóôõöŌōŎŏŐőƠơǑǒǪǫǬǭȌȍȎȏȪȫȬȭȮȯȰȱṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợ",
        "p": "ṔṕṖṗ",
        "r": "ŔŕŖŗŘřȐȑȒȓṘṙṚṛṜṝṞṟ",
        "s": "ŚśŜŝŞşŠšſȘșṠṡṢṣṤṥṦṧṨṩẛ",
        "t": "ŢţŤťȚțṪṫṬṭṮṯṰṱẗ",
        "u": "ÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰự",
        "v": "ṼṽṾṿ",
        "w": "ŴŵẀẁẂẃẄẅẆẇẈẉẘ",
        "x": "ẊẋẌẍ",
        "y": "ÝýÿŶŷŸȲȳẎẏẙỲỳỴỵỶỷỸỹ",
        "z": "ŹźŻżŽžẐẑẒẓẔẕ",
        "μ": "µ", "σ": "ς", "β": "ϐ", "θ": "ϑ", "φ": "ϕ", "π": "ϖ", "κ": "ϰ", "ρ": "ϱ", "ε": "ϵ",
    ]
}
