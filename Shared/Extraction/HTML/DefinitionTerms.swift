/// The terms of a definition list (`dl`) that wait for their definition.
struct DefinitionTerms {
    /// In bytes. Longer text is not a term.
    static let longest = 200

    private var terms: [UInt8] = []
    var isInTerm = false
    /// Whether a definition has begun that is still empty.
    var isBegun = false
    var isLong: Bool { terms.count > Self.longest }

    /// Takes the term that was read.
    mutating func add(_ term: [UInt8]) {
        isInTerm = false
        if !terms.isEmpty, !term.isEmpty { terms.append(contentsOf: ", ".utf8) }
        terms.append(contentsOf: term)
    }

    /// Returns `term, term: definition`, once. Text without terms stays the same.
    mutating func joined(to definition: [UInt8]) -> [UInt8] {
        if terms.isEmpty || definition.isEmpty { return definition }
        let mark = terms.last == UInt8(ascii: ":") ? " " : ": "
        return take() + mark.utf8 + definition
    }

    mutating func take() -> [UInt8] {
        defer { (terms, isBegun) = ([], false) }
        return terms
    }
}
