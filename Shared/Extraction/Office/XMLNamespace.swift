/// The namespaces that mean something here, in their transitional and strict forms (ECMA-376 parts 1
/// and 4), whatever prefixes a document gives them.
enum XMLNamespace: Equatable {
    /// No namespace at all.
    case unqualified
    case word
    case math
    /// References from one part of a package to another.
    case reference
    /// What marks alternatives for older readers (ECMA-376 part 3).
    case compatibility
    case packageRelationships
    case contentTypes
    case other

    init(uri: String) {
        switch uri {
        case "": self = .unqualified
        case "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main":
            self = .word
        case "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://purl.oclc.org/ooxml/officeDocument/math":
            self = .math
        case "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships":
            self = .reference
        case "http://schemas.openxmlformats.org/markup-compatibility/2006": self = .compatibility
        case "http://schemas.openxmlformats.org/package/2006/relationships": self = .packageRelationships
        case "http://schemas.openxmlformats.org/package/2006/content-types": self = .contentTypes
        default: self = .other
        }
    }
}

/// The name of an element.
struct XMLName: Equatable {
    let namespace: XMLNamespace
    let local: String
}

/// Where an attribute stands.
struct XMLAttribute {
    let prefix: Range<Int>
    let local: Range<Int>
    let value: Range<Int>
}

/// Which prefix stands for which namespace at some place of a document.
struct XMLNamespaces {
    /// Each lookup goes through what is declared, so this keeps reading linear. Documents declare 40.
    static let maximum = 256

    private var declared: [(prefix: Range<Int>, namespace: XMLNamespace, depth: Int)] = []

    /// `depth`: how many elements are open around the one that declares it.
    mutating func declare(prefix: Range<Int>, _ namespace: XMLNamespace, at depth: Int) throws(XMLError) {
        guard declared.count < Self.maximum else { throw .tooDeep }
        declared.append((prefix, namespace, depth))
    }

    /// Forgets what was declared with that many elements open, or more.
    mutating func leave(_ depth: Int) {
        while let last = declared.last, last.depth >= depth { declared.removeLast() }
    }

    /// Nil for a prefix that nothing declares.
    func find(_ prefix: ArraySlice<UInt8>, in bytes: [UInt8]) -> XMLNamespace? {
        for entry in declared.reversed()
        where entry.prefix.count == prefix.count && bytes[entry.prefix].elementsEqual(prefix) {
            return entry.namespace
        }
        if prefix.isEmpty { return XMLNamespace.unqualified }
        return prefix.elementsEqual("xml".utf8) ? .other : nil
    }
}
