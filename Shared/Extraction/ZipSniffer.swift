import Archive
import Models
import Wire

/// Tells the office formats that are ZIP archives apart by what is in them.
enum ZipSniffer {
    static func type(of bytes: [UInt8]) throws(ExtractionError) -> DocumentType {
        if let type = typeByFirstMember(bytes) { return type }
        let archive: ZipArchive
        do throws(ArchiveError) { archive = try ZipArchive(bytes) } catch { throw ExtractionError(error) }
        for (name, type) in mainParts where archive.entry(named: name) != nil { return type }
        if archive.entry(named: "_rels/.rels") != nil, let type = typeByMainPart(bytes) { return type }
        throw .unsupported("Archives cannot be read. Upload the documents in it one by one.")
    }

    private static let mainParts: KeyValuePairs<String, DocumentType> = [
        "word/document.xml": .docx, "xl/workbook.xml": .xlsx, "xl/workbook.bin": .xlsx,
        "ppt/presentation.xml": .pptx, "META-INF/container.xml": .epub,
    ]

    /// Parts may have any name, and Word makes use of that; each program has a folder of its own.
    private static func typeByMainPart(_ bytes: [UInt8]) -> DocumentType? {
        guard let package = try? OfficePackage(bytes) else { return nil }
        switch package.mainPart.split(atByte: "/").first {
        case "word": return .docx
        case "xl": return .xlsx
        case "ppt": return .pptx
        default: return nil
        }
    }

    /// OpenDocument and EPUB store their media type uncompressed as the first member (OpenDocument
    /// 1.3 part 2, section 3.3; EPUB 3.3, section 4.2.3).
    private static func typeByFirstMember(_ bytes: [UInt8]) -> DocumentType? {
        let content = bytes.dropFirst(30)
        guard bytes.count > 30, content.starts(with: "mimetype".utf8) else { return nil }
        let extra = Int(bytes[28]) | Int(bytes[29]) << 8
        let mediaType = content.dropFirst(8 + extra).prefix(64)
        if mediaType.starts(with: DocumentType.odt.mimeType.utf8) { return .odt }
        return mediaType.starts(with: DocumentType.epub.mimeType.utf8) ? .epub : nil
    }
}
