/// The types of document that the API's contract names. The API shows the raw value and filters by it. Which types can
/// be read, and how, is in `Shared/Extraction/FormatList.swift`.
public enum DocumentType: String, CaseIterable, Sendable {
    case pdf, docx, xlsx, pptx, odt, odp, epub, html, markdown, text, csv, json, rtf, eml
}
