import Wire

/// An encoding of text files.
public struct TextEncoding: Hashable, Sendable {
    /// The IANA name in lower case.
    public let name: String
    let scheme: Scheme

    enum Scheme: Hashable, Sendable {
        case utf8
        case utf16(lowByteFirst: Bool)
        case utf32(lowByteFirst: Bool)
        case iso2022jp
        /// One byte per scalar, by the table of that name.
        case singleByte
        /// One or more bytes per scalar.
        case multiByte(MultiByteEncoding)
    }

    private init(name: String, scheme: Scheme) {
        self.name = name
        self.scheme = scheme
    }

    /// The encoding that has this label in the WHATWG Encoding Standard, at IANA or on Windows; nil for others. Case and
    /// punctuation do not matter. As in browsers, a label can stand for an extension of what it names: `iso-8859-1` for
    /// `windows-1252`, `gb2312` for `gb18030`.
    public init?(label: String) {
        let key = Self.key(label)
        guard let name = Self.names[key] else { return nil }
        self.init(named: name)
    }

    init(named name: String) {
        let scheme: Scheme =
            switch name {
            case "utf-8": .utf8
            case "utf-16le": .utf16(lowByteFirst: true)
            case "utf-16be": .utf16(lowByteFirst: false)
            case "utf-32le": .utf32(lowByteFirst: true)
            case "utf-32be": .utf32(lowByteFirst: false)
            case "iso-2022-jp": .iso2022jp
            default: MultiByteEncoding(rawValue: name).map { .multiByte($0) } ?? .singleByte
            }
        self.init(name: name, scheme: scheme)
    }

    public static let utf8 = TextEncoding(named: "utf-8")
    static let utf16LittleEndian = TextEncoding(named: "utf-16le")
    static let utf16BigEndian = TextEncoding(named: "utf-16be")
    static let windows1252 = TextEncoding(named: "windows-1252")

    /// The letters and digits of a label, in lower case.
    private static func key(_ label: String) -> String {
        String(decoding: label.utf8.prefix(64).filter(ASCII.isAlphanumeric).map(ASCII.lowercase), as: UTF8.self)
    }

    /// The names of the encodings by the keys of their labels.
    private static let names: [String: String] = {
        var names: [String: String] = [:]
        for line in labels.split(atByte: "\n") {
            let words = line.split(atByte: " ").map(String.init)
            for word in words { names[key(word)] = words[0] }
        }
        for name in SingleByteTable.names {
            names[key(name)] = name
            // windows-1251 is also cp1251, ibm866 also cp866 and 866.
            let number = String(decoding: name.utf8.filter(ASCII.isDigit), as: UTF8.self)
            guard name.starts(withBytes: "windows") || name.starts(withBytes: "ibm") else { continue }
            for prefix in ["", "cp", "ibm", "dos", "win", "windows", "xcp", "ms", "ansi"] {
                names[prefix + number] = name
            }
        }
        return names
    }()

    /// A line for each encoding: its name and other labels. Those of the tables are added by their names.
    private static let labels = """
        utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf-8-sig utf8mb4 cp65001 csutf8
        utf-16le utf-16 ucs-2 iso-10646-ucs-2 unicode csunicode unicodefeff cp1200
        utf-16be unicodefffe cp1201
        utf-32le utf-32 ucs-4
        utf-32be
        windows-1252 latin1 l1 iso-8859-1 iso-8859-1:1987 iso-ir-100 cp819 ibm819 csisolatin1 ascii us-ascii ansi \
        ansi_x3.4-1968 iso646-us x-ansi
        windows-1254 iso-8859-9 iso-8859-9:1989 latin5 l5 iso-ir-148 csisolatin5 turkish
        windows-874 iso-8859-11 tis-620 dos-874
        iso-8859-2 iso-8859-2:1987 latin2 l2 iso-ir-101 csisolatin2
        iso-8859-3 iso-8859-3:1988 latin3 l3 iso-ir-109 csisolatin3
        iso-8859-4 iso-8859-4:1988 latin4 l4 iso-ir-110 csisolatin4
        iso-8859-5 iso-8859-5:1988 cyrillic iso-ir-144 csisolatincyrillic
        iso-8859-6 iso-8859-6:1987 iso-8859-6-e iso-8859-6-i arabic asmo-708 ecma-114 iso-ir-127 csisolatinarabic
        iso-8859-7 iso-8859-7:1987 greek greek8 ecma-118 elot_928 sun_eu_greek iso-ir-126 csisolatingreek
        iso-8859-8 iso-8859-8:1988 iso-8859-8-e iso-8859-8-i hebrew visual logical iso-ir-138 csisolatinhebrew
        iso-8859-10 latin6 l6 iso-ir-157 csisolatin6
        iso-8859-13 latin7 l7
        iso-8859-14 latin8 l8
        iso-8859-15 latin9 latin-9 l9 csisolatin9
        iso-8859-16 latin10 l10
        koi8-r koi koi8 koi8_r cskoi8r
        koi8-u koi8-ru
        macintosh mac macroman x-mac-roman csmacintosh
        x-mac-cyrillic maccyrillic x-mac-ukrainian
        x-mac-ce macce mac-centraleurope maclatin2 x-mac-centraleurroman
        shift_jis shift-jis sjis x-sjis ms_kanji windows-31j csshiftjis cp932 ms932
        euc-jp x-euc-jp ujis cseucpkdfmtjapanese
        iso-2022-jp jis csiso2022jp
        gb18030 gbk x-gbk gb2312 gb_2312-80 chinese euc-cn csgb2312 csiso58gb231280 iso-ir-58 cp936 ms936 windows-936
        big5 big5-hkscs cn-big5 x-x-big5 csbig5 cp950 ms950 windows-950
        euc-kr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 cseuckr csksc56011987 iso-ir-149 uhc cp949 ms949 \
        windows-949
        """
}
