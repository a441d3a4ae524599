import Archive
import Wire

/// The parts of an OpenDocument file (OpenDocument 1.3 part 2).
struct OpenDocumentPackage {
    let content: [UInt8]
    /// Nil if the document has only the styles that `content` defines.
    let styles: [UInt8]?

    init(_ bytes: [UInt8]) throws(ExtractionError) {
        do throws(ArchiveError) {
            var archive = try ZipArchive(bytes)
            // Programs encrypt members themselves, so the archive does not know. Old manifests have a document type.
            if let manifest = try Self.part("META-INF/manifest.xml", of: &archive),
                String(decoding: manifest, as: UTF8.self).firstIndex(ofBytes: ":encryption-data") != nil
            {
                throw .encrypted
            }
            guard let content = try Self.part("content.xml", of: &archive) else { throw .damaged }
            self.content = content
            styles = try Self.part("styles.xml", of: &archive)
        } catch { throw ExtractionError(error) }
    }

    private static func part(_ name: String, of archive: inout ZipArchive) throws(ArchiveError) -> [UInt8]? {
        guard let entry = archive.entry(named: name) else { return nil }
        return try archive.content(of: entry)
    }
}
