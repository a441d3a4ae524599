/// What a group of RTF changes, and what is as before at its end.
struct RTFGroup {
    /// What becomes of its text.
    enum Destination { case text, marker, fonts, styles, nothing }

    var destination = Destination.text
    var paragraph = RTFParagraph()
    var font = 0
    /// The font of East Asian letters.
    var wideFont: Int?
    var isWide = false
    /// How many bytes stand in for a letter in Unicode.
    var fallback = 1
    var isHidden = false
    var isDeleted = false
    var isBold = false
    /// Whether it contains a text in two forms, of which the second is in Unicode.
    var hasAlternatives = false
    var describesInnerRows = false
    /// Whether a flow ends with it, and whether that is a note.
    var flow: (ends: Bool, isNote: Bool) = (false, false)
}
