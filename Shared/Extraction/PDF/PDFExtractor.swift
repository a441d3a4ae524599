import Platform
import Wire

/// Reads PDF with poppler's `pdftotext`. Each block has its page.
///
/// Parsing PDF is too large a task for code of our own, and too dangerous for this process: the program runs as a child
/// with limits and sees only the file. Where it is not installed, PDF is unsupported (415).
enum PDFExtractor {
    private static let program = "pdftotext"
    private static let package = "poppler-utils"

    static func extract(_ bytes: [UInt8], _ limits: PDFLimits) throws(ExtractionError) -> ExtractedText {
        let slot = try limits.slots.map(place)
        defer { slot?.release() }
        let pages = try text(of: bytes, limits.ofCommand).split(separator: 12, omittingEmptySubsequences: false)
        let document = PDFText(pages: pages)
        guard !document.blocks.isEmpty else {
            throw .unreadable(
                "The PDF has no text; its pages are probably scanned. Run text recognition (OCR) first.")
        }
        return ExtractedText(text: document.text, blocks: document.blocks)
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

    /// The text of all pages, each followed by a form feed.
    private static func text(of bytes: [UInt8], _ limits: Command.Limits) throws(ExtractionError) -> [UInt8] {
        let command = Command(
            program, ["-enc", "UTF-8", "-eol", "unix", "-", "-"], input: .bytes(bytes), limits: limits)
        let (outcome, output): (Outcome, [UInt8])
        do {
            (outcome, output) = try command.collect()
        } catch CommandError.notInstalled {
            throw .unsupported(
                "PDF documents cannot be read here: \(program) is not installed. Debian's package \(package) provides it."
            )
        } catch {
            throw .unavailable("PDF documents cannot be read at the moment", cause: "\(error)")
        }
        switch outcome.ending {
        case .exited(0): return TextDecoder.decode(output)
        case .exited where outcome.errors.firstIndex(ofBytes: "Incorrect password") != nil:
            throw .unreadable("The PDF needs a password. Remove it and upload the file again.")
        case .timedOut, .outputTooLarge, .signalled:
            throw .unreadable("The PDF exceeds the limits for time, memory or text. Split it.")
        case .exited, .stopped: throw .unreadable("The PDF is damaged or incomplete.")
        }
    }
}
