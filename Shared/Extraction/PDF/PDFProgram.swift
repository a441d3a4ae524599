import Platform
import Wire

/// Runs `pdftotext`.
///
/// Telling where the words are takes it a third longer than writing the text. So the pages of a long document are read by
/// two of its processes, which takes about half of the time if there are two processors.
enum PDFProgram {
    private static let program = "pdftotext"
    private static let package = "poppler-utils"
    /// Shorter documents, and smaller files, are read by one process.
    private static let manyPages = 24
    private static let largeFile = 100_000

    static func layout(of bytes: [UInt8], _ limits: Command.Limits) throws(ExtractionError) -> PDFLayout {
        let deadline = Moment.now.milliseconds + Int64(limits.deadline)
        guard bytes.count >= largeFile else { return try layout(of: bytes, [], limits, beside: nil) }
        let pages = pageCount(of: bytes, limits) ?? 0
        var limits = limits
        limits.deadline = max(1, Int(deadline - Moment.now.milliseconds))
        guard pages >= manyPages, let rest = SecondHalf(of: bytes, from: pages / 2 + 1, limits)
        else { return try layout(of: bytes, [], limits, beside: nil) }
        var layout = try layout(of: bytes, ["-l", "\(pages / 2)"], limits, beside: rest)
        if let second = rest.finish(by: deadline) {
            layout.append(second)
        } else {
            limits.deadline = max(1, Int(deadline - Moment.now.milliseconds))
            layout.append(try self.layout(of: bytes, ["-f", "\(pages / 2 + 1)"], limits, beside: nil))
        }
        return layout
    }

    private static func layout(
        of bytes: [UInt8], _ pages: [String], _ limits: Command.Limits, beside rest: SecondHalf?
    ) throws(ExtractionError) -> PDFLayout {
        let command = Command(program, arguments + pages + ["-", "-"], input: .bytes(bytes), limits: limits)
        var reader = PDFLayoutReader()
        let outcome: Outcome
        do {
            outcome = try command.run(
                isCancelled: rest.map { rest in
                    {
                        rest.readWhatCame()
                        return false
                    }
                }
            ) { reader.read($0) }
        } catch CommandError.notInstalled {
            throw .unsupported(
                "PDF documents cannot be read here: \(program) is not installed. Debian's package \(package) provides it."
            )
        } catch {
            throw .unavailable("PDF documents cannot be read at the moment", cause: "\(error)")
        }
        switch outcome.ending {
        case .exited(0): return reader.layout
        case .exited where outcome.errors.firstIndex(ofBytes: "Incorrect password") != nil:
            throw .unreadable("The PDF needs a password. Remove it and upload the file again.")
        case .timedOut, .outputTooLarge, .signalled, .stopped:
            throw .unreadable("The PDF exceeds the limits for time, memory or text. Split it.")
        case .exited: throw .unreadable("The PDF is damaged or incomplete.")
        }
    }

    private static let arguments = ["-enc", "UTF-8", "-bbox-layout"]

    /// Nil if it cannot be found out; reading the document will tell why.
    private static func pageCount(of bytes: [UInt8], _ limits: Command.Limits) -> Int? {
        let command = Command("pdfinfo", ["-"], input: .bytes(bytes), limits: limits)
        guard let (outcome, output) = try? command.collect(), outcome.ending.isSuccess else { return nil }
        let lines = String(decoding: output, as: UTF8.self).split(atByte: "\n")
        guard let pages = lines.lazy.compactMap({ $0.without(prefix: "Pages:") }).last else { return nil }
        return Int(String(decoding: TextBytes.collapse(pages.utf8), as: UTF8.self))
    }

    /// Reads the second half of a document while this process reads the first.
    private final class SecondHalf {
        private let command: RunningCommand
        private var reader = PDFLayoutReader()
        private var isTooLarge = false

        init?(of bytes: [UInt8], from page: Int, _ limits: Command.Limits) {
            var command = Command(
                PDFProgram.program, PDFProgram.arguments + ["-f", "\(page)", "-", "/dev/fd/3"], input: .bytes(bytes),
                limits: limits)
            command.extraOutputs = 1
            guard let running = try? RunningCommand(command) else { return nil }
            self.command = running
        }

        func readWhatCame() {
            command.readWhatCame(errors: { _ in }) { _, piece in
                isTooLarge = isTooLarge || !reader.read(piece)
                return !isTooLarge
            }
        }

        /// Nil if not all was read.
        func finish(by deadline: Int64) -> PDFLayout? {
            while !reader.isComplete, !isTooLarge, Moment.now.milliseconds < deadline {
                let hasEnded = command.hasEnded
                readWhatCame()
                if hasEnded { break }
                RunningCommand.wait(
                    for: command.descriptors, atMost: min(50, Int(deadline - Moment.now.milliseconds)))
            }
            return reader.isComplete ? reader.layout : nil
        }
    }
}
