/// The kinds of document that can be uploaded. The raw value is what the API shows and filters by.
public enum DocumentType: String, CaseIterable, Sendable {
    case pdf, docx, xlsx, pptx, odt, epub, html, markdown, text, csv, json, rtf, eml

    /// The canonical media type, as registered with IANA, without parameters.
    public var mimeType: String {
        switch self {
        case .pdf: "application/pdf"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .epub: "application/epub+zip"
        case .html: "text/html"
        case .markdown: "text/markdown"
        case .text: "text/plain"
        case .csv: "text/csv"
        case .json: "application/json"
        case .rtf: "application/rtf"
        case .eml: "message/rfc822"
        }
    }
}
