/// The terms of a list of definitions (`dl`) whose definition is yet to come.
struct DefinitionTerms {
    /// In bytes; what is longer is no term.
    static let longest = 200

    private var terms: [UInt8] = []
    var isInTerm = false
    /// Whether a definition has begun, although nothing of it is there yet.
    var isBegun = false
    var isLong: Bool { terms.count > Self.longest }

    /// Takes the term that is being read.
    mutating func add(_ term: [UInt8]) {
        isInTerm = false
        if !terms.isEmpty, !term.isEmpty { terms.append(contentsOf: ", ".utf8) }
        terms.append(contentsOf: term)
    }

    /// `term, term: definition`, once; text without terms before it stays as it is.
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
