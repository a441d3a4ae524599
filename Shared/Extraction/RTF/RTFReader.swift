/// Reads RTF (specification 1.9.1): headings, paragraphs, list items with the numbers that are shown, tables and notes in
/// order, with tracked changes accepted. Pictures, headers, footers, comments, hidden text and tables of contents are left
/// out.
struct RTFReader {
    private static let deepestGroup = 500

    private var tokens: RTFTokenizer
    private var groups: [RTFGroup] = []
    private var group = RTFGroup()
    private var encoding = RTFEncoding()
    private var styles = RTFStyles()
    private var style = RTFStyles.Style()
    private var lastEncoding: (font: Int, encoding: TextEncoding?)?
    private var defaultFont = 0
    private var definedFont = 0
    /// How many bytes to skip that stand in for a letter in Unicode.
    private var skipped = 0
    /// The body, and the notes and text boxes that are open in it, innermost last.
    private var flows: [RTFFlow]
    private var builder: TextBuilder

    static func read(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedText {
        var reader = RTFReader(bytes)
        return try reader.read()
    }

    private init(_ bytes: [UInt8]) {
        tokens = RTFTokenizer(bytes)
        builder = TextBuilder(capacity: bytes.count / 4)
        flows = [RTFFlow(budget: RepetitionBudget(sourceSize: bytes.count))]
    }

    private mutating func read() throws(ExtractionError) -> ExtractedText {
        var isMarked = false
        var isBegun = false
        while let token = tokens.next() {
            switch token {
            case .open:
                try open()
                isMarked = false
            case .close:
                guard isBegun else { throw .unreadable(Self.damaged) }
                close()
                isMarked = false
                if groups.isEmpty { return finish() }
            case .sign(UInt8(ascii: "*")): isMarked = true
            case .word(let name, let number):
                if !isBegun {
                    guard name == "rtf", groups.count == 1 else { throw .unreadable(Self.damaged) }
                    isBegun = true
                }
                take(name, number, isMarked: isMarked)
                isMarked = false
            case .sign(let sign): take(sign)
            case .byte(let byte): take(byte: byte)
            }
        }
        throw .unreadable("The document is incomplete: it ends in the middle.")
    }

    private static let damaged = "The document is damaged: it does not begin as RTF does."

    private mutating func finish() -> ExtractedText {
        for block in flows[0].finish(group.paragraph, styles) { builder.append(block.kind, block.content) }
        builder.title = flows[0].title
        return builder.finish()
    }

    // MARK: Groups

    private mutating func open() throws(ExtractionError) {
        guard groups.count < Self.deepestGroup else { throw .unreadable("The document is nested too deeply.") }
        skipped = 0
        groups.append(group)
        group.flow = (false, false)
        if group.hasAlternatives { (group.destination, group.hasAlternatives) = (.nothing, false) }
        if group.destination == .styles { style = RTFStyles.Style() }
    }

    private mutating func close() {
        skipped = 0
        if group.flow.ends { closeFlow() }
        guard let outer = groups.popLast() else { return }
        if group.destination == .styles, outer.destination == .styles { styles.add(style) }
        group = outer
    }

    private mutating func openFlow(isNote: Bool) {
        flows.append(RTFFlow(budget: flows[flows.count - 1].budget))
        group.flow = (true, isNote)
        group.paragraph = RTFParagraph()
    }

    private mutating func closeFlow() {
        guard flows.count > 1, var flow = flows.popLast() else { return }
        let blocks = flow.finish(group.paragraph, styles)
        let last = flows.count - 1
        flows[last].budget = flow.budget
        guard group.flow.isNote else { return flows[last].add(asides: blocks) }
        let note = TextBytes.collapse(blocks.map(\.content).joined(separator: [0x20]))
        if !note.isEmpty { flows[last].add(asides: [LooseBlock(kind: .paragraph, content: note)]) }
    }

    // MARK: Text

    private mutating func take(byte: UInt8) {
        if skipped > 0 { return skipped -= 1 }
        guard !group.isHidden, !group.isDeleted else { return }
        let last = flows.count - 1
        switch group.destination {
        case .text:
            if byte != 0x20, !group.isBold { flows[last].isBoldCell = false }
            let encoding = currentEncoding()
            flows[last].text.append(byte, as: encoding)
        case .marker:
            let encoding = currentEncoding()
            flows[last].marker?.append(byte, as: encoding)
        case .styles: if style.name.count < 100, byte != UInt8(ascii: ";") { style.name.append(byte) }
        case .fonts, .nothing: break
        }
    }

    private var font: Int { group.isWide ? group.wideFont ?? group.font : group.font }

    /// The encoding of the font of the text. It is looked up once for each run of text.
    private mutating func currentEncoding() -> TextEncoding? {
        if let last = lastEncoding, last.font == font { return last.encoding }
        lastEncoding = (font, encoding[font])
        return encoding[font]
    }

    private mutating func take(_ sign: UInt8) {
        switch sign {
        case UInt8(ascii: "~"): take(scalar: " ")
        case UInt8(ascii: "_"): take(scalar: "-")
        default: if skipped > 0 { skipped -= 1 }
        }
    }

    private mutating func take(scalar: Unicode.Scalar) {
        if skipped > 0 { return skipped -= 1 }
        guard !group.isHidden, !group.isDeleted else { return }
        let last = flows.count - 1
        if group.destination == .text { flows[last].text.append(scalar: scalar) }
        if group.destination == .marker { flows[last].marker?.append(scalar: scalar) }
    }

    private mutating func take(unit: Int) {
        skipped = group.fallback
        guard !group.isHidden, !group.isDeleted else { return }
        let last = flows.count - 1
        if group.destination == .text {
            if !group.isBold { flows[last].isBoldCell = false }
            flows[last].text.append(unit: unit)
        }
        if group.destination == .marker { flows[last].marker?.append(unit: unit) }
    }

    // MARK: Words

    /// - Parameter isMarked: whether readers that do not know the word leave its group out.
    private mutating func take(_ name: String, _ number: Int?, isMarked: Bool) {
        if let letter = RTFWord.letters[name] { return take(scalar: letter) }
        if name != "u" { skipped = 0 }
        if group.destination == .nothing {
            if name == "ud", let outer = groups.last, outer.hasAlternatives { group.destination = outer.destination }
            return
        }
        if isMarked ? !RTFWord.read.contains(name) : RTFWord.leftOut.contains(name) || RTFWord.isFormulaProperty(name) {
            group.destination = .nothing
            return
        }
        guard let word = RTFWord(name: name) else { return }
        switch group.destination {
        case .fonts: defineFont(word, number ?? 0)
        case .styles: defineStyle(word, number ?? 0)
        default: if !change(word, number) { takeTable(word, number ?? 0) }
        }
    }

    private mutating func defineFont(_ word: RTFWord, _ number: Int) {
        switch word {
        case .f: definedFont = number
        case .fcharset: encoding.setCharset(number, ofFont: definedFont)
        case .cpg: encoding.setCodePage(number, ofFont: definedFont)
        default: break
        }
    }

    private mutating func defineStyle(_ word: RTFWord, _ number: Int) {
        switch word {
        case .s: style.number = number
        case .sbasedon: style.basedOn = number
        case .outlinelevel: style.outlineLevel = number
        default: break
        }
    }

    /// Whether a word changes the text's properties, or ends a paragraph.
    private mutating func change(_ word: RTFWord, _ number: Int?) -> Bool {
        let isOn = number != 0
        switch word {
        case .ansicpg: setCodePage(number ?? 0)
        case .mac: setCodePage(10_000)
        case .pc: setCodePage(437)
        case .pca: setCodePage(850)
        case .deff: (defaultFont, group.font) = (number ?? 0, number ?? 0)
        case .fonttbl:
            group.destination = .fonts
            lastEncoding = nil
        case .stylesheet: group.destination = .styles
        case .f: group.font = number ?? 0
        case .af: if group.isWide { group.wideFont = number }
        case .dbch: group.isWide = true
        case .loch, .hich: group.isWide = false
        case .uc: group.fallback = min(max(0, number ?? 1), 100)
        case .u: take(unit: number ?? 0)
        case .par, .sect: finishParagraph()
        case .pard: group.paragraph = RTFParagraph()
        case .s: group.paragraph.style = number ?? 0
        case .outlinelevel: group.paragraph.outlineLevel = number
        case .ls: group.paragraph.isInList = isOn
        case .fi: group.paragraph.hangs = (number ?? 0) < 0
        case .listtext, .pntext:
            group.destination = .marker
            flows[flows.count - 1].marker = RTFText()
        case .plain: (group.isHidden, group.isDeleted, group.isBold, group.font) = (false, false, false, defaultFont)
        case .b: group.isBold = isOn
        case .v: group.isHidden = isOn
        case .deleted: group.isDeleted = isOn
        case .footnote: openFlow(isNote: true)
        case .shptxt, .dptxbxtext: openFlow(isNote: false)
        case .upr: group.hasAlternatives = true
        default: return false
        }
        return true
    }

    private mutating func setCodePage(_ page: Int) {
        encoding.setCodePage(page)
        lastEncoding = nil
    }

    private mutating func finishParagraph() {
        // The paragraph of an item's marker is none.
        guard group.destination == .text else { return }
        flows[flows.count - 1].finishParagraph(group.paragraph, styles)
        pass()
    }

    /// Passes the complete blocks of the body on.
    private mutating func pass() {
        guard flows.count == 1 else { return }
        for block in flows[0].takeBlocks() { builder.append(block.kind, block.content) }
    }

    // MARK: Tables

    private mutating func takeTable(_ word: RTFWord, _ number: Int) {
        switch word {
        case .intbl: group.paragraph.tables = max(1, group.paragraph.tables)
        case .itap: group.paragraph.tables = max(0, number)
        case .nesttableprops: group.describesInnerRows = true
        case .trowd: describe { $0 = RTFTable.RowShape() }
        case .trleft: describe { $0.left = number }
        case .trhdr: describe { $0.isHeader = true }
        case .clmrg: describe { $0.next.joinsLeft = true }
        case .clvmrg: describe { $0.next.continuesAbove = true }
        case .cellx: describe { $0.endCell(right: number) }
        case .cell: endCell(depth: 1)
        case .nestcell: endCell(depth: max(2, group.paragraph.tables))
        case .row: endRow(depth: 1)
        case .nestrow: endRow(depth: max(2, group.paragraph.tables))
        default: break
        }
    }

    private mutating func describe(_ change: (inout RTFTable.RowShape) -> Void) {
        let last = flows.count - 1
        if group.describesInnerRows { change(&flows[last].innerShape) } else { change(&flows[last].shape) }
    }

    private mutating func endCell(depth: Int) {
        var paragraph = group.paragraph
        paragraph.tables = depth
        let last = flows.count - 1
        flows[last].finishParagraph(paragraph, styles)
        flows[last].endCell(depth: depth)
    }

    private mutating func endRow(depth: Int) {
        flows[flows.count - 1].endRow(depth: depth)
        pass()
    }
}
