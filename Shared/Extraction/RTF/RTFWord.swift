import Wire

/// The words of RTF that have a meaning for the text.
enum RTFWord: String, CaseIterable {
    // The document's encoding, and that of its fonts.
    case ansicpg, mac, pc, pca, deff, fonttbl, f, af, fcharset, cpg, loch, hich, dbch, uc, u
    case stylesheet, s, sbasedon, outlinelevel
    // Paragraphs.
    case par, sect, pard, ls, fi, listtext, pntext
    // Letters.
    case plain, b, v, deleted
    // Tables.
    case intbl, itap, trowd, trleft, trhdr, cellx, clmrg, clvmrg, cell, row, nestcell, nestrow, nesttableprops
    // Text that stands apart, and text that is there twice.
    case footnote, shptxt, dptxbxtext, upr, ud

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(name: String) {
        guard let word = Self.byName[name] else { return nil }
        self = word
    }

    /// The words that stand for a letter.
    static let letters: [String: Unicode.Scalar] = [
        "tab": "\t", "line": " ", "lbr": " ", "page": " ", "column": " ", "softline": " ", "emspace": " ",
        "enspace": " ",
        "qmspace": " ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
        "ldblquote": "“", "rdblquote": "”",
    ]

    /// Groups that are left out with their content, although they are not marked so that readers who do not know them
    /// leave them out.
    static let leftOut: Set<String> = [
        "colortbl", "info", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr",
        "footerf",
        "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "comment", "xe", "tc", "tcn", "rxe", "txe",
        "fldinst", "nonshppict", "nonesttables", "shprslt", "sp", "mmathPict", "filetbl", "private", "bkmkstart",
        "bkmkend", "listtable", "listoverridetable", "template",
    ]

    /// Groups that are read although they are marked so.
    static let read: Set<String> = [
        "shpinst", "do", "nesttableprops", "ud", "footnote", "moMath", "moMathPara", "shptxt", "listtext", "pntext",
    ]

    /// Whether the properties of a formula begin with this word.
    static func isFormulaProperty(_ name: String) -> Bool {
        name.starts(withBytes: "m") && name.ends(withBytes: "Pr")
    }
}
