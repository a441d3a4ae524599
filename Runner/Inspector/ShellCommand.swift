import Glibc
import Masking
import Wire

/// Shell commands that send a request again: through a pipe to its function, or with curl.
struct ShellCommand {
    /// Masked secrets become shell variables. The marks around them are random, so no request can contain one.
    static let mask = SecretMask(replacement: { field, _ in opening + variable(field) + closing })

    private static let opening = "\u{F8F0}\(UInt64.random(in: 0...UInt64.max))\u{F8F1}"
    private static let closing = "\u{F8F2}"

    let envelope: JSON
    /// The function's executable, and its data folder.
    let executable: String
    let dataFolder: String

    /// `printf '%s\n' '…' | build/functions/login`
    var pipe: String {
        let folder = Self.relative(dataFolder)
        let data = folder == "data" ? "" : "DATA_DIR=\(Self.quotedIfNeeded(folder)) "
        return
            "printf '%s\\n' \(Self.quoted(envelope.text)) |\n  \(data)\(Self.quotedIfNeeded(Self.relative(executable)))\n"
    }

    /// - Parameter origin: `http://localhost:3001`.
    func curl(origin: String) -> String {
        let query = envelope["rawQueryString"]?.string ?? ""
        let url = origin + (envelope["rawPath"]?.string ?? "/") + (query.isEmpty ? "" : "?\(query)")
        let method = envelope["requestContext"]?["http"]?["method"]?.string ?? "GET"
        var parts = ["curl -i \(Self.quoted(url))"]
        let body = envelope["body"]?.string
        if method != (body == nil ? "GET" : "POST") { parts.append("-X \(Self.quotedIfNeeded(method))") }
        for header in envelope["headers"]?.object?.members ?? [] where !Self.ownHeaders.contains(header.key) {
            parts.append("-H \(Self.quoted("\(header.key): \(header.value.string ?? header.value.text)"))")
        }
        let cookies = (envelope["cookies"]?.array ?? []).compactMap(\.string)
        if !cookies.isEmpty { parts.append("-H \(Self.quoted("cookie: " + cookies.joined(separator: "; ")))") }
        guard let body else { return parts.joined(separator: " \\\n  ") + "\n" }
        guard envelope["isBase64Encoded"]?.bool == true else {
            parts.append("--data-binary \(Self.quoted(body))")
            return parts.joined(separator: " \\\n  ") + "\n"
        }
        parts.append("--data-binary @-")
        return "base64 -d <<< \(Self.quotedIfNeeded(body)) |\n  " + parts.joined(separator: " \\\n  ") + "\n"
    }

    /// Headers that curl sends by itself, or that would no longer be true.
    private static let ownHeaders: Set<String> = [
        "host", "content-length", "accept-encoding", "user-agent", "accept-language", "x-request-id", "origin",
        "referer",
        "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest",
        "priority", "dnt", "cache-control", "pragma",
    ]

    // MARK: Words

    /// In single quotes, which a POSIX shell does not interpret, with variables outside of them.
    static func quoted(_ text: String) -> String {
        var result = "'"
        var rest = text[...]
        while let mark = rest.firstIndex(ofBytes: opening) {
            result += escaped(rest[..<mark])
            let marked = rest[mark...].without(prefix: opening) ?? ""
            let end = marked.firstIndex(ofBytes: closing) ?? marked.endIndex
            result += "'\"${\(marked[..<end])}\"'"
            rest = marked[end...].without(prefix: closing) ?? ""
        }
        return result + escaped(rest) + "'"
    }

    private static func escaped(_ text: Substring) -> String {
        text.split(atByte: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case _ where ASCII.isAlphanumeric(byte): true
                case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="),
                    UInt8(ascii: "+"):
                    true
                default: false
                }
            }
        return isPlain ? text : quoted(text)
    }

    /// `refreshToken` → `REFRESH_TOKEN`; a bearer token is `TOKEN`, as in the README. Names come from clients, so only
    /// letters, digits and underscores get into the command.
    private static func variable(_ field: String) -> String {
        if ["authorization", "token"].contains(field.lowercasedASCII) { return "TOKEN" }
        var name = ""
        for character in field.unicodeScalars {
            guard character.isASCII,
                character == "-" || character == "_" || character.properties.isAlphabetic
                    || (!name.isEmpty && character.properties.numericType != nil)
            else { continue }
            if character.properties.isUppercase, !name.isEmpty, !name.ends(withBytes: "_") { name += "_" }
            name.unicodeScalars.append(character == "-" ? "_" : character)
        }
        return name.isEmpty ? "SECRET" : name.uppercasedASCII
    }

    /// Relative to the working directory if the path is below it.
    private static func relative(_ path: String) -> String {
        guard let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        let folder = String(cString: current)
        return path.without(prefix: folder + "/").map(String.init) ?? path
    }
}
