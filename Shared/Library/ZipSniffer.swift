import Models

/// Tells the office formats that are ZIP archives apart by the names of their members.
enum ZipSniffer {
    static func type(of bytes: [UInt8]) throws(LibraryError) -> DocumentType {
        if let type = typeByFirstMember(bytes) { return type }
        guard let names = memberNames(of: bytes) else {
            throw .unreadable("The file is damaged or incomplete.")
        }
        for name in names {
            if let type = mainParts[name] { return type }
        }
        throw .unsupported("Archives cannot be read. Upload the documents in it one by one.")
    }

    private static let mainParts: [String: DocumentType] = [
        "word/document.xml": .docx, "xl/workbook.xml": .xlsx, "xl/workbook.bin": .xlsx,
        "ppt/presentation.xml": .pptx, "META-INF/container.xml": .epub,
    ]

    /// OpenDocument and EPUB store their media type uncompressed as the first member (OpenDocument
    /// 1.3 part 2, section 3.3; EPUB 3.3, section 4.2.3).
    private static func typeByFirstMember(_ bytes: [UInt8]) -> DocumentType? {
        let content = bytes.dropFirst(30)
        guard content.starts(with: "mimetype".utf8) else { return nil }
        let extra = Int(littleEndian16(bytes, at: 28) ?? 0)
        let mediaType = content.dropFirst(8 + extra).prefix(64)
        if mediaType.starts(with: DocumentType.odt.mimeType.utf8) { return .odt }
        return mediaType.starts(with: DocumentType.epub.mimeType.utf8) ? .epub : nil
    }

    /// The names in the central directory (APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.3.16); nil
    /// when there is none.
    private static func memberNames(of bytes: [UInt8]) -> [String]? {
        guard let end = endOfCentralDirectory(in: bytes),
            let start = littleEndian32(bytes, at: end + 16)
        else { return nil }
        var names: [String] = []
        var offset = Int(start)
        while names.count < 10_000, littleEndian32(bytes, at: offset) == 0x0201_4B50 {
            guard let name = littleEndian16(bytes, at: offset + 28),
                let extra = littleEndian16(bytes, at: offset + 30),
                let comment = littleEndian16(bytes, at: offset + 32)
            else { break }
            let text = bytes.dropFirst(offset + 46).prefix(Int(name))
            names.append(String(decoding: text, as: UTF8.self))
            offset += 46 + Int(name) + Int(extra) + Int(comment)
        }
        return names.isEmpty ? nil : names
    }

    /// The record stands at the end, with a comment of at most 65,535 bytes behind it.
    private static func endOfCentralDirectory(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let lowest = max(0, bytes.count - 22 - 65_535)
        return (lowest...(bytes.count - 22)).last {
            bytes[$0] == 0x50 && littleEndian32(bytes, at: $0) == 0x0605_4B50
        }
    }

    private static func littleEndian16(_ bytes: [UInt8], at index: Int) -> UInt16? {
        guard index >= 0, index + 1 < bytes.count else { return nil }
        return UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
    }

    private static func littleEndian32(_ bytes: [UInt8], at index: Int) -> UInt32? {
        guard let low = littleEndian16(bytes, at: index),
            let high = littleEndian16(bytes, at: index + 2)
        else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }
}
