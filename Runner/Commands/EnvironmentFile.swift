import Glibc
import HTTP
import Platform

/// The file `.env`, which completes the variables of this process.
package enum EnvironmentFile {
    /// The variables of this process, and those of `.env` in the working directory that the process does not have.
    package static func load() throws(OptionError) -> [String: String] {
        var variables: [String: String] = [:]
        if let text = try readFile(".env") { variables = try parse(text) }
        variables.merge(process) { _, real in real }
        return variables
    }

    private static var process: [String: String] {
        var variables: [String: String] = [:]
        Environment.eachVariable { name, value in variables[name] = value.text }
        return variables
    }

    /// Parses `KEY=VALUE` lines, with an optional `export`, comments, and quotes around the value. Double quotes may
    /// contain `\n`, `\"` and `\\`.
    static func parse(_ text: String) throws(OptionError) -> [String: String] {
        var variables: [String: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            var rest = trim(line)
            if rest.isEmpty || rest.hasPrefix("#") { continue }
            if rest.hasPrefix("export ") { rest = trim(rest.dropFirst(7)) }
            guard let equals = rest.firstIndex(of: "="), let value = value(trim(rest[rest.index(after: equals)...]))
            else { throw malformed(index + 1) }
            let key = trim(rest[..<equals])
            guard !key.isEmpty, key.utf8.allSatisfy({ HeaderField.isTokenCharacter($0) }) else {
                throw malformed(index + 1)
            }
            variables[String(key)] = value
        }
        return variables
    }

    private static func malformed(_ line: Int) -> OptionError {
        OptionError(source: .environment, description: ".env, line \(line): should be KEY=VALUE")
    }

    /// Nil if a quote is not closed.
    private static func value(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            // A comment begins at a # after white space.
            var end = text.startIndex
            var previous: Character = "x"
            while end < text.endIndex {
                if text[end] == "#", previous.isWhitespace { break }
                previous = text[end]
                end = text.index(after: end)
            }
            return String(trim(text[..<end]))
        }
        var value = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if isEscaped {
                value.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\", quote == "\"" {
                isEscaped = true
            } else if character == quote {
                return value
            } else {
                value.append(character)
            }
        }
        return nil
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }

    /// Nil if there is no such file.
    private static func readFile(_ path: String) throws(OptionError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw OptionError(
                source: .environment, description: "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while case .bytes(let count) = block.withUnsafeMutableBytes({ Descriptor.read(descriptor, into: $0) }) {
            bytes += block[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
