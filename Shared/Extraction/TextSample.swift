import Models

/// The beginning of a text file, for recognising formats by their appearance.
struct TextSample {
    private static let size = 65_536

    /// As UTF-8, whatever the file's encoding is.
    let bytes: [UInt8]
    /// The index of the first byte that is not white space.
    let start: Int
    /// Whether this is the whole file.
    let isWhole: Bool
    /// The text format that the file's name indicates.
    let named: DocumentType?
    /// Whether the file's name has an extension, known or not.
    let hasExtension: Bool

    var first: UInt8 { bytes[start] }

    /// Nil if the sample is only white space.
    init?(of file: [UInt8], as encoding: TextEncoding, named: DocumentType?, hasExtension: Bool) {
        bytes = TextDecoder.decode(Array(file.prefix(Self.size)), as: encoding)
        guard let start = bytes.firstIndex(where: { !TextBytes.isSpace($0) }) else { return nil }
        self.start = start
        isWhole = file.count <= Self.size
        self.named = named
        self.hasExtension = hasExtension
    }
}
