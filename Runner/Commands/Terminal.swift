import Glibc
import Platform
import Wire

/// The output of commands.
package struct Terminal {
    enum Color: Int { case red = 31, green = 32, yellow = 33, blue = 34, cyan = 36, dim = 2, bold = 1 }

    let isTerminal: Bool
    let hasColors: Bool

    init(_ options: Options, descriptor: Int32 = 1) {
        isTerminal = isatty(descriptor) == 1
        hasColors = isTerminal && (options.environment["NO_COLOR"] ?? "").isEmpty
    }

    func paint(_ text: String, _ color: Color) -> String {
        hasColors ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    package static func write(_ text: String, to descriptor: Int32 = 1) {
        let buffer = ByteBuffer(text)
        var written = 0
        while written < buffer.count,
            case .bytes(let count) = Descriptor.write(descriptor, buffer.bytes.slice(from: written))
        {
            written += count
        }
    }

    /// Prints an error.
    /// - Returns: the exit code.
    package static func fail(_ message: String, code: Int32) -> Int32 {
        write("runner: \(message)\n", to: 2)
        return code
    }
}

extension JSON {
    /// The value on several lines, indented by two spaces.
    func pretty(_ indentation: String = "") -> String {
        let deeper = indentation + "  "
        switch self {
        case .array(let items) where !items.isEmpty:
            return "[\n" + items.map { deeper + $0.pretty(deeper) }.joined(separator: ",\n") + "\n\(indentation)]"
        case .object(let object) where !object.isEmpty:
            let members = object.members.map { "\(deeper)\(JSON.string($0.key).text): \($0.value.pretty(deeper))" }
            return "{\n" + members.joined(separator: ",\n") + "\n\(indentation)}"
        default: return text
        }
    }
}
