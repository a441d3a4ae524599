import Models

/// Formats of the API's contract that cannot be read yet. They are recognised so that the error can name them. A format
/// that gets a reader moves to its folder.
extension Format {
    static let xlsx = Format(
        unread: .xlsx, mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        recognition: .package(PackageSignature(parts: ["xl/workbook.xml", "xl/workbook.bin"], folder: "xl")))

    static let eml = Format(
        unread: .eml, mediaType: "message/rfc822", extensions: ["eml"], recognition: .text(looksLike: nil))
}
