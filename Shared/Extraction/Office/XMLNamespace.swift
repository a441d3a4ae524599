import Wire

/// The supported namespaces, whatever their prefixes: those of Office Open XML in their transitional and strict forms
/// (ECMA-376 parts 1 and 4), and those of OpenDocument (version 1.3 part 3, section 1.6).
enum XMLNamespace: Equatable {
    /// No namespace.
    case unqualified
    case word
    case presentation
    /// Text in shapes and tables of slides.
    case drawing
    /// SmartArt.
    case diagram
    case math
    /// References from one part of a package to another.
    case reference
    /// Alternatives for older readers (ECMA-376 part 3).
    case compatibility
    case packageRelationships
    case contentTypes
    case openOffice, openText, openTable, openDrawing, openPresentation, openStyle, openFormatting
    case other

    init(uri: String) {
        switch uri {
        case "": self = .unqualified
        case "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main":
            self = .word
        case "http://schemas.openxmlformats.org/presentationml/2006/main",
            "http://purl.oclc.org/ooxml/presentationml/main":
            self = .presentation
        case "http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main":
            self = .drawing
        case "http://schemas.openxmlformats.org/drawingml/2006/diagram",
            "http://purl.oclc.org/ooxml/drawingml/diagram":
            self = .diagram
        case "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://purl.oclc.org/ooxml/officeDocument/math":
            self = .math
        case "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships":
            self = .reference
        case "http://schemas.openxmlformats.org/markup-compatibility/2006": self = .compatibility
        case "http://schemas.openxmlformats.org/package/2006/relationships": self = .packageRelationships
        case "http://schemas.openxmlformats.org/package/2006/content-types": self = .contentTypes
        default: self = uri.without(prefix: Self.openDocument).flatMap { Self.openDocumentNames[String($0)] } ?? .other
        }
    }

    private static let openDocument = "urn:oasis:names:tc:opendocument:xmlns:"

    /// Without the version, which has been the same in all of OpenDocument.
    private static let openDocumentNames: [String: XMLNamespace] = [
        "office:1.0": .openOffice, "text:1.0": .openText, "table:1.0": .openTable, "drawing:1.0": .openDrawing,
        "presentation:1.0": .openPresentation, "style:1.0": .openStyle, "xsl-fo-compatible:1.0": .openFormatting,
    ]
}

/// The name of an element.
struct XMLName: Equatable {
    let namespace: XMLNamespace
    let local: String
}

/// The byte ranges of an attribute.
struct XMLAttribute {
    let prefix: Range<Int>
    let local: Range<Int>
    let value: Range<Int>
}

/// The prefixes that are bound at some point of a document, and their namespaces.
struct XMLNamespaces {
    /// The maximum number of declarations. Each lookup searches all of them, so this keeps reading linear. Documents
    /// declare about 40.
    static let maximum = 256

    private var declared: [(prefix: Range<Int>, namespace: XMLNamespace, depth: Int)] = []

    /// - Parameter depth: the number of open elements around the declaring one.
    mutating func declare(prefix: Range<Int>, _ namespace: XMLNamespace, at depth: Int) throws(XMLError) {
        guard declared.count < Self.maximum else { throw .tooDeep }
        declared.append((prefix, namespace, depth))
    }

    /// Removes the declarations of elements at this depth or deeper.
    mutating func leave(_ depth: Int) {
        while let last = declared.last, last.depth >= depth { declared.removeLast() }
    }

    /// Nil for a prefix that is not declared.
    func find(_ prefix: ArraySlice<UInt8>, in bytes: [UInt8]) -> XMLNamespace? {
        for entry in declared.reversed()
        where entry.prefix.count == prefix.count && bytes[entry.prefix].elementsEqual(prefix) {
            return entry.namespace
        }
        if prefix.isEmpty { return XMLNamespace.unqualified }
        return prefix.elementsEqual("xml".utf8) ? .other : nil
    }
}
