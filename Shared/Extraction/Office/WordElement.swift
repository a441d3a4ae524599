/// The elements of WordprocessingML that have a meaning for the text, by their names (ECMA-376 part 1, section 17).
enum WordElement: String, CaseIterable {
    case p, r, t, tab, ptab, br, cr, noBreakHyphen
    case vanish, b, rStyle, pStyle, outlineLvl, numId, ilvl
    case txbxContent, footnoteReference, endnoteReference
    case tbl, tr, tblHeader, gridBefore, tc, gridSpan, vMerge
    // Deleted and moved text, previous formatting, field instructions, and properties without text.
    case del, moveFrom, pPrChange, rPrChange, tblPrChange, trPrChange, tcPrChange, instrText, sdtPr, sectPr, tabs, rt

    /// Most elements of a document have no meaning, so one look-up is faster than comparing with each name.
    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(_ name: XMLName) {
        guard name.namespace == .word, let element = Self.byName[name.local] else { return nil }
        self = element
    }

    /// Whether it is left out with its content.
    var isLeftOut: Bool {
        switch self {
        case .del, .moveFrom, .pPrChange, .rPrChange, .tblPrChange, .trPrChange, .tcPrChange, .instrText, .sdtPr,
            .sectPr, .tabs, .rt:
            true
        default: false
        }
    }
}
