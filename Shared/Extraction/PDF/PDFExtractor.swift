import Platform
import Wire

/// Reads PDF with poppler's `pdftotext`. Each block has its page.
///
/// Parsing PDF is too large a task for code of our own, and too dangerous for this process: the program runs as a child
/// with limits and sees only the file. Where it is not installed, PDF is unsupported (415).
enum PDFExtractor {
    static func extract(_ bytes: [UInt8], _ limits: PDFLimits) throws(ExtractionError) -> ExtractedText {
        let slot = try limits.slots.map(place)
        defer { slot?.release() }
        let document = PDFText(try PDFProgram.layout(of: bytes, limits.ofCommand))
        guard !document.blocks.isEmpty else {
            throw .unreadable(
                "The PDF has no text; its pages are probably scanned. Run text recognition (OCR) first.")
        }
        var text = ExtractedText(text: document.text, blocks: document.blocks)
        text.warnings.pagesWithoutText = document.pagesWithoutText
        text.variants = document.variants
        return text
    }

    private static func place(_ slots: SharedSlots) throws(ExtractionError) -> SharedSlots.Slot {
        do throws(SharedSlots.Failure) {
            return try slots.take()
        } catch {
            switch error {
            case .busy(let seconds):
                throw .busy("Too many PDF documents are being read at the moment; try again", seconds: seconds)
            case .unusable(let cause):
                throw .unavailable("PDF documents cannot be read at the moment", cause: cause)
            }
        }
    }
}
