/// The terms of a definition list (`dl`) whose definition has not come yet.
struct DefinitionTerms {
    /// The maximum length of a term in bytes. Longer text is not a term.
    static let longest = 200

    private var terms: [UInt8] = []
    var isInTerm = false
    /// Whether a definition has begun but is still empty.
    var isBegun = false
    var isLong: Bool { terms.count > Self.longest }

    /// Adds a complete term.
    mutating func add(_ term: [UInt8]) {
        isInTerm = false
        if !terms.isEmpty, !term.isEmpty { terms.append(contentsOf: ", ".utf8) }
        terms.append(contentsOf: term)
    }

    /// Returns `term, term: definition` and forgets the terms. Without terms, the text is unchanged.
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
