import Archive
import Wire

/// The files of a book (EPUB 3.3, sections 4 and 5; EPUB 2 is the same here), and the order in which they are read.
///
/// Elements are told by their local names, because the first versions of the format had other namespaces.
struct EPUBPackage {
    struct Item {
        /// The name of the file in the archive.
        let file: String
        let mediaType: String
        /// Whether it is the table of contents of EPUB 3.
        let isContents: Bool
    }

    private(set) var title: String?
    /// The chapters, in reading order, each once.
    private(set) var chapters: [Item] = []
    /// The table of contents: in EPUB 3 a page, in EPUB 2 an NCX document.
    private(set) var contents: Item?
    private var archive: ZipArchive

    init(_ bytes: [UInt8]) throws(ExtractionError) {
        do throws(ArchiveError) { archive = try ZipArchive(bytes) } catch { throw ExtractionError(error) }
        let container = try file("META-INF/container.xml")
        let encryption = try file("META-INF/encryption.xml")
        var encrypted: Set<String> = []
        var name: String?
        do throws(XMLError) {
            if let container { name = try Self.packageFile(in: container) }
            if let encryption { encrypted = try Self.encryptedFiles(in: encryption) }
        } catch { throw ExtractionError(error) }
        guard let name, let package = try file(name) else {
            throw .unreadable("The book is damaged: the list of its chapters is missing.")
        }
        do throws(XMLError) { try read(package, named: name) } catch { throw ExtractionError(error) }
        if chapters.contains(where: { encrypted.contains($0.file) }) {
            throw .unreadable(
                "The book is encrypted, so that only its shop's reader can open it (DRM). Upload a copy without this "
                    + "protection.")
        }
    }

    /// The content of a file; nil if it is missing.
    mutating func file(_ name: String) throws(ExtractionError) -> [UInt8]? {
        guard let entry = archive.entry(named: name) else { return nil }
        do throws(ArchiveError) { return try archive.content(of: entry) } catch { throw ExtractionError(error) }
    }

    /// The unpacked size of the book in bytes, as the archive states it.
    var size: Int { archive.entries.reduce(0) { $0 &+ $1.size } }

    /// The name of the file that a reference leads to; without its fragment.
    ///
    /// - Parameter base: the name of the file with the reference.
    static func resolve(_ reference: some StringProtocol, from base: String) -> String {
        var rest = Array(reference.utf8.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") })[...]
        var decoded: [UInt8] = []
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        let folders = base.split(atByte: "/").dropLast().map(String.init)
        return OfficePackage.resolve(String(decoding: decoded, as: UTF8.self), in: folders)
    }

    // MARK: Files

    private static func packageFile(in container: [UInt8]) throws(XMLError) -> String? {
        var reader = try XMLReader(container)
        while let event = try reader.next() {
            guard case .start(let name) = event, name.local == "rootfile" else { continue }
            let mediaType = try reader.attribute("media-type", in: .unqualified) ?? packageType
            if mediaType == packageType { return try reader.attribute("full-path", in: .unqualified) }
        }
        return nil
    }

    private static let packageType = "application/oebps-package+xml"

    /// The encrypted files (section 4.2.6.3.2), except those in which only the letters of a font are masked.
    private static func encryptedFiles(in part: [UInt8]) throws(XMLError) -> Set<String> {
        var reader = try XMLReader(part)
        var files: Set<String> = []
        var isMasked = false
        while let event = try reader.next() {
            guard case .start(let name) = event else { continue }
            switch name.local {
            case "EncryptedData": isMasked = false
            case "EncryptionMethod":
                isMasked = maskings.contains(try reader.attribute("Algorithm", in: .unqualified) ?? "")
            case "CipherReference" where !isMasked:
                if let reference = try reader.attribute("URI", in: .unqualified) {
                    files.insert(resolve(reference, from: ""))
                }
            default: break
            }
        }
        return files
    }

    private static let maskings = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]

    private mutating func read(_ package: [UInt8], named file: String) throws(XMLError) {
        var reader = try XMLReader(package, skippingDocumentType: true)
        var items: [String: Item] = [:]
        var seen: Set<String> = []
        var contentsID: String?
        var depthOfTitle: Int?
        var title: [UInt8] = []
        while let event = try reader.next() {
            switch event {
            case .start(let name):
                switch name.local {
                case "title" where self.title == nil: depthOfTitle = reader.depth
                case "item" where items.count < Self.mostItems:
                    if let (id, item) = try Self.item(reader, from: file) { items[id] = item }
                case "spine": contentsID = try reader.attribute("toc", in: .unqualified)
                case "itemref":
                    guard try reader.attribute("linear", in: .unqualified) != "no",
                        let item = items[try reader.attribute("idref", in: .unqualified) ?? ""],
                        Self.chapterTypes.contains(item.mediaType), seen.insert(item.file).inserted
                    else { continue }
                    chapters.append(item)
                default: break
                }
            case .text: if depthOfTitle != nil { try reader.appendText(to: &title) }
            case .end:
                guard let depth = depthOfTitle, reader.depth < depth else { continue }
                depthOfTitle = nil
                let text = TextBytes.collapse(TextBytes.prefix(title, upTo: 500))
                if !text.isEmpty { self.title = String(decoding: text, as: UTF8.self) }
            }
        }
        contents = items.values.first(where: \.isContents) ?? contentsID.flatMap { items[$0] }
    }

    /// More than an archive may have members.
    private static let mostItems = 20_000

    private static let chapterTypes = ["application/xhtml+xml", "text/html", "text/x-oeb1-document"]

    private static func item(_ reader: XMLReader, from file: String) throws(XMLError) -> (String, Item)? {
        guard let id = try reader.attribute("id", in: .unqualified),
            let reference = try reader.attribute("href", in: .unqualified)
        else { return nil }
        let properties = try reader.attribute("properties", in: .unqualified) ?? ""
        return (
            id,
            Item(
                file: resolve(reference, from: file),
                mediaType: try reader.attribute("media-type", in: .unqualified) ?? "",
                isContents: properties.split(atByte: " ").contains { $0.hasSameBytes(as: "nav") })
        )
    }
}
