import Wire

/// What lengths are measured along. A gate of 4 m in width has no known height.
enum Dimension {
    private static let words: [Set<String>] = [
        "tall height high hoch hohe hauteur haut alto altura altezza alta",
        "wide width breit breite largeur ancho anchura largo larghezza larga",
        "deep depth tief tiefe profondeur profondo profunda profundidad profondita",
        "thick thickness dick dicke epaisseur spessore grosor",
        "long length lang lange longueur longitud lunghezza lungo lunga",
        "above away distant entfernt",
    ].map { (list: String) in Set(list.split(atByte: " ").map { String($0) }) }

    /// Whether a text names dimensions, but not the one that the question asks for.
    static func isAnother(in text: some Sequence<String>, than question: Set<String>) -> Bool {
        guard let wanted = words.first(where: { !$0.isDisjoint(with: question) }) else { return false }
        let text = Set(text)
        return wanted.isDisjoint(with: text) && words.contains { !$0.isDisjoint(with: text) }
    }
}
