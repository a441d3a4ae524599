import Language

/// SQL functions for statements about passages: `index_form(text)` and `index_words(sizes)`.
enum TextFunctions {
    /// Registers the functions on a connection. Call it once.
    static func register(on connection: SQLiteConnection) throws {
        try SQLiteFunctions.register(
            "index_form", { SQLiteFunctions.replaceText($0, $2, with: IndexForm.of) }, on: connection)
        try SQLiteFunctions.register("index_words", { SQLiteFunctions.sumSizes($0, $2) }, on: connection)
    }
}
