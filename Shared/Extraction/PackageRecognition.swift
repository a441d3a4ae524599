import Archive
import Models
import Wire

/// How to recognise a format that is a ZIP archive.
struct PackageSignature: Sendable {
    /// The content of a first member named `mimetype`, stored uncompressed (OpenDocument 1.3 part 2, section 3.3;
    /// EPUB 3.3, section 4.2.3).
    var mediaType: String?
    /// Names of members; the archive must have one of them.
    var parts: [String] = []
    /// The folder of the main part, for Office formats whose parts may have any name.
    var folder: String?
}

extension Format {
    /// The format of a ZIP archive.
    static func ofArchive(_ bytes: [UInt8]) throws(ExtractionError) -> Format {
        if let format = byFirstMember(bytes) { return format }
        let archive: ZipArchive
        do throws(ArchiveError) { archive = try ZipArchive(bytes) } catch { throw ExtractionError(error) }
        for (format, signature) in packages
        where signature.parts.contains(where: { archive.entry(named: $0) != nil }) {
            return format
        }
        if archive.entry(named: "_rels/.rels") != nil, let format = byMainPart(bytes) { return format }
        throw .unsupported("Archives cannot be read. Upload the documents in them one by one.")
    }

    private static let packages = all.compactMap { format -> (Format, PackageSignature)? in
        if case .package(let signature) = format.recognition { (format, signature) } else { nil }
    }

    private static func byFirstMember(_ bytes: [UInt8]) -> Format? {
        let content = bytes.dropFirst(30)
        guard bytes.count > 30, content.starts(with: "mimetype".utf8) else { return nil }
        let extra = Int(bytes[28]) | Int(bytes[29]) << 8
        let mediaType = content.dropFirst(8 + extra).prefix(64)
        return packages.first { $0.1.mediaType.map { mediaType.starts(with: $0.utf8) } ?? false }?.0
    }

    private static func byMainPart(_ bytes: [UInt8]) -> Format? {
        guard let folder = try? OfficePackage(bytes).mainPart.split(atByte: "/").first else { return nil }
        return packages.first { $0.1.folder.map { folder == $0 } ?? false }?.0
    }
}
