import Archive
import Wire

/// An office document as a package of parts and the relationships between them (ECMA-376 part 2).
struct OfficePackage {
    private var archive: ZipArchive
    /// The main part, such as `word/document.xml`. Word also uses other names.
    let mainPart: String

    init(_ bytes: [UInt8]) throws(ExtractionError) {
        do throws(ArchiveError) { archive = try ZipArchive(bytes) } catch { throw ExtractionError(error) }
        let main = try Self.relationships(of: "", in: &archive).first { $0.type == "officeDocument" }?.target
        guard let main = main ?? Self.usualMainParts.first(where: { [archive] in archive.entry(named: $0) != nil })
        else { throw .unreadable("The document has no text part.") }
        mainPart = main
    }

    private static let usualMainParts = ["word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"]

    /// The content of a part; nil if there is no part with this name.
    mutating func part(_ name: String) throws(ExtractionError) -> [UInt8]? { try Self.part(name, in: &archive) }

    /// The first part to which `source` has a relationship of this type, such as `styles` or `footnotes`.
    mutating func part(relatedTo source: String, as type: String) throws(ExtractionError) -> [UInt8]? {
        guard let found = try Self.relationships(of: source, in: &archive).first(where: { $0.type == type })
        else { return nil }
        return try part(found.target)
    }

    private static func part(_ name: String, in archive: inout ZipArchive) throws(ExtractionError) -> [UInt8]? {
        guard let entry = archive.entry(named: name) else { return nil }
        do throws(ArchiveError) { return try archive.content(of: entry) } catch { throw ExtractionError(error) }
    }

    /// The unpacked size of the document in bytes, as the archive states it.
    var size: Int { archive.entries.reduce(0) { $0 &+ $1.size } }

    // MARK: Relationships

    struct Relationship {
        /// By which the part refers to it.
        let id: String
        /// The last segment of the type's URI, which is the same in the transitional and the strict form.
        let type: String
        let target: String
    }

    /// The relationships of a part to other parts.
    mutating func relationships(of source: String) throws(ExtractionError) -> [Relationship] {
        try Self.relationships(of: source, in: &archive)
    }

    /// The relationships of a part to other parts (section 8.3); those of the package for an empty name.
    private static func relationships(
        of source: String, in archive: inout ZipArchive
    ) throws(ExtractionError) -> [Relationship] {
        let folders = source.split(atByte: "/").dropLast().map(String.init)
        let file = source.split(atByte: "/").last ?? ""
        let name = (folders + ["_rels", "\(file).rels"]).joined(separator: "/")
        guard let bytes = try part(name, in: &archive) else { return [] }
        var found: [Relationship] = []
        do throws(XMLError) {
            var reader = try XMLReader(bytes)
            while let event = try reader.next() {
                guard event == .start(XMLName(namespace: .packageRelationships, local: "Relationship")),
                    try reader.attribute("TargetMode", in: .unqualified) != "External",
                    let type = try reader.attribute("Type", in: .unqualified)?.split(atByte: "/").last,
                    let target = try reader.attribute("Target", in: .unqualified)
                else { continue }
                let id = try reader.attribute("Id", in: .unqualified) ?? ""
                found.append(Relationship(id: id, type: String(type), target: resolve(target, in: folders)))
            }
        } catch { throw ExtractionError(error) }
        return found
    }

    /// Resolves a reference from a part in `folders` to a member's name.
    static func resolve(_ target: String, in folders: [String]) -> String {
        var path = target.starts(withBytes: "/") ? [] : folders
        for step in target.split(atByte: "/") where step != "." {
            if step == ".." { _ = path.popLast() } else { path.append(String(step)) }
        }
        return path.joined(separator: "/")
    }
}

extension ExtractionError {
    init(_ error: ArchiveError) {
        switch error {
        case .damaged: self = .unreadable("The file is damaged or incomplete.")
        case .encrypted: self = .unreadable("The file needs a password. Remove it and upload the file again.")
        case .unknownMethod: self = .unreadable("The file is compressed in a way that cannot be read.")
        case .tooLarge: self = .unreadable("The file is too large when unpacked.")
        }
    }

    init(_ error: XMLError) {
        switch error {
        case .malformed: self = .unreadable("The document is damaged: its XML is not well-formed.")
        case .documentType: self = .unreadable("The document declares a document type, which its format forbids.")
        case .tooDeep: self = .unreadable("The document is nested too deeply.")
        }
    }
}
