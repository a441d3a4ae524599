/// The stemmer for Greek of G. Ntais (2006), with the additions of S. Saroukos (2008).
///
/// Most of its rules remove an ending and then restore a part of it to certain roots. ``GreekRules`` lists them.
enum GreekStemmer {
    static func stem(_ word: inout StemWord) {
        word.exchange(plain)
        guard word.count >= 3 else { return }
        if word.equals("ισα") || word.equals("αγαμε") { word.removeLast() }
        let irregular = word.suffix(in: irregulars)
        word.cut(at: irregular.isFound ? irregular.start + irregular.group + 1 : word.count)
        var isUnchanged = !irregular.isFound
        for rule in GreekRules.all where rule.apply(to: &word) { isUnchanged = false }
        let neuter = word.suffix(in: neuters)
        if neuter.isFound { word.cut(at: neuter.start + 2) }
        if isUnchanged { word.cut(at: word.suffix(in: lastEndings).start) }
        word.cut(at: word.suffix(in: comparisons).start)
    }

    /// A letter without accent. As in the paper's program, ϊ becomes η.
    private static func plain(_ letter: Unicode.Scalar) -> Unicode.Scalar? {
        switch letter {
        case "ά": "α"
        case "έ": "ε"
        case "ή", "ϊ", "ΐ": "η"
        case "ί": "ι"
        case "ό": "ο"
        case "ύ", "ϋ", "ΰ": "υ"
        case "ώ": "ω"
        case "ς": "σ"
        default: nil
        }
    }

    /// Nouns of which 2, 3, 4, 5 or 6 letters remain.
    private static let irregulars = AffixTable(
        endings: "φαγια φαγιου φαγιων σογιου σογια σογιων φωσ φωτοσ φωτα φωτων",
        """
        σκαγια σκαγιου σκαγιων ολογιου ολογια ολογιων κρεασ κρεατοσ κρεατα κρεατων περασ περατοσ περατη περατα
        περατων τερασ τερατοσ τερατα τερατων
        """,
        "τατογια τατογιου τατογιων", "γεγονοσ γεγονοτοσ γεγονοτα γεγονοτων",
        "καθεστωσ καθεστωτοσ καθεστωτα καθεστωτων")
    private static let neuters = AffixTable(endings: "ματα ματων ματοσ")
    private static let lastEndings = AffixTable(
        endings: """
            α αγατε αγαν αει αμαι αν ασ ασαι αται αω ε ει εισ ειτε εσαι εσ εται ι ιεμαι ιεμαστε ιεται ιεσαι ιεσαστε
            ιομασταν ιομουν ιομουνα ιονταν ιοντουσαν ιοσασταν ιοσαστε ιοσουν ιοσουνα ιοταν ιουμα ιουμαστε ιουνται
            ιουνταν η ηδεσ ηδων ηθει ηθεισ ηθειτε ηθηκατε ηθηκαν ηθουν ηθω ηκατε ηκαν ησ ησαν ησατε ησει ησεσ ησουν
            ησω ο οι ομαι ομασταν ομουν ομουνα ονται ονταν οντουσαν οσ οσασταν οσαστε οσουν οσουνα οταν ου ουμαι
            ουμαστε ουν ουνται ουνταν ουσ ουσαν ουσατε υ υσ ω ων
            """)
    private static let comparisons = AffixTable(endings: "εστερ εστατ οτερ οτατ υτερ υτατ ωτερ ωτατ")
}

/// A rule of ``GreekStemmer``.
struct GreekRule: Sendable {
    /// The endings that it removes.
    let endings: AffixTable
    /// What it restores, to which roots.
    let restored: [Restored]
    /// Whether it counts as a change of the word, behind which the last endings are not removed.
    let isChange: Bool

    struct Restored: Sendable {
        private let ending: StaticString
        private let roots: AffixTable
        private var isWhole = false
        private var dropped = 0

        /// - Parameter words: Roots that are the whole word.
        init(_ ending: StaticString, words: StaticString) {
            self.ending = ending
            roots = AffixTable(endings: words)
            isWhole = true
        }

        /// - Parameter ends: How the roots end. If empty, all roots.
        init(_ ending: StaticString, ends: StaticString) {
            self.ending = ending
            roots = AffixTable(endings: ends)
        }

        /// Removes more letters instead.
        init(dropping dropped: Int, ends: StaticString) {
            ending = ""
            roots = AffixTable(endings: ends)
            self.dropped = dropped
        }

        func apply(to word: inout StemWord) -> Bool {
            let root = word.suffix(in: roots)
            guard root.isFound || roots.isEmpty, !isWhole || root.start == 0 else { return false }
            word.replaceEnd(from: word.count - dropped, with: ending)
            return true
        }
    }

    init(_ endings: StaticString, _ restored: Restored..., isChange: Bool = true) {
        self.endings = AffixTable(endings: endings)
        self.restored = restored
        self.isChange = isChange
    }

    /// True if it changed the word.
    func apply(to word: inout StemWord) -> Bool {
        let ending = word.suffix(in: endings)
        guard ending.isFound else { return false }
        word.cut(at: ending.start)
        _ = restored.contains { $0.apply(to: &word) }
        return isChange
    }
}
