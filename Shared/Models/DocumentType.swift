/// The types of document that the API's contract names. The raw value is what the API shows and filters by. Which of
/// them can be read, and how, is in `Shared/Extraction/FormatList.swift`.
public enum DocumentType: String, CaseIterable, Sendable {
    case pdf, docx, xlsx, pptx, odt, epub, html, markdown, text, csv, json, rtf, eml
}
