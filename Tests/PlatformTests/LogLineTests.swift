import Platform
import Testing
import Wire

/// Lines of the log, which people read in terminals.
struct LogLineTests {
    private func line(_ level: LogLine.Level, path: String) -> ByteBuffer {
        let line = ByteBuffer("kept ü\u{202E}")
        let start = line.count
        LogLine.append(level, to: line) { writer in
            writer.key("path")
            writer.value(path)
        }
        LogLine.escapeUnprintable(in: line, from: start)
        line.removeFirst(start)
        return line
    }

    @Test(arguments: [
        "\u{7F}", "\u{85}", "\u{A0}", "\u{AD}", "\u{34F}", "\u{600}", "\u{115F}", "\u{200B}", "\u{200E}", "\u{202E}",
        "\u{2028}", "\u{2060}", "\u{2066}", "\u{2800}", "\u{3164}", "\u{FE0F}", "\u{FEFF}", "\u{FFF9}", "\u{E0041}",
        "\u{E0100}",
    ])
    func hiddenCharactersAreEscaped(_ hidden: String) throws {
        let text = line(.info, path: "/a\(hidden)ü😀").text
        #expect(!text.unicodeScalars.contains { hidden.unicodeScalars.contains($0) } && text.contains("ü😀"))
        #expect(try JSONReader.parse(text)["path"] == .string("/a\(hidden)ü😀"))
        #expect(LogLine.printable("a\(hidden)b") == "a?b")
    }

    @Test func aLineBeginsWithItsTimeAndLevel() throws {
        let json = try JSONReader.parse(line(.warning, path: "/").text)
        #expect(json["level"] == "warning" && json["path"] == "/")
        #expect(json["time"]?.string.flatMap { Timestamp($0) } != nil)
    }

    @Test func levelsAreOrdered() { #expect(LogLine.Level.info < .warning && LogLine.Level.warning < .error) }
}
