import Language

/// Functions of ours that statements about passages call: `index_form(text)` and `index_words(sizes)`.
enum TextFunctions {
    /// Makes them known to a connection. Once is enough.
    static func register(on connection: SQLiteConnection) throws {
        try SQLiteFunctions.register(
            "index_form", { SQLiteFunctions.replaceText($0, $2, with: IndexForm.of) }, on: connection)
        try SQLiteFunctions.register("index_words", { SQLiteFunctions.sumSizes($0, $2) }, on: connection)
    }
}
