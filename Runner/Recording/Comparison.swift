import Gateway
import Masking
import Wire

/// Finds the differences between a recorded response and its replay.
package struct Comparison {
    package struct Difference {
        /// `status`, `headers.location`, `body.data[0].name`
        package let path: String
        package let text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// Header fields that do not matter to the comparison.
    private static let ignoredHeaders: Set<String> = [
        "x-request-id", "etag", "content-length", "date", "last-modified", "retry-after", "x-ratelimit-limit",
        "x-ratelimit-remaining", "x-ratelimit-reset", "age", "expires", "server-timing",
    ]

    private let ignored: [String]
    package private(set) var differences: [Difference] = []

    package init(ignoring ignored: [String]) { self.ignored = ignored }

    package mutating func compare(
        _ old: JSON, _ oldStream: [JSON], with new: JSON, _ newStream: [JSON], using substitution: inout Substitution
    ) {
        let (oldStatus, newStatus) = (old["statusCode"] ?? .null, new["statusCode"] ?? .null)
        if oldStatus != newStatus { add("status", oldStatus, newStatus) }
        compare(headers(old), headers(new), at: "headers", &substitution)
        if let oldTag = Self.tag(of: old), let newTag = Self.tag(of: new) {
            substitution.learnTag(oldTag, newTag)
        }
        compare(cookies(old), cookies(new), at: "cookies", &substitution)
        if oldStream.isEmpty, newStream.isEmpty {
            compare(Self.body(old), Self.body(new), at: "body", &substitution)
        } else {
            compare(Self.events(oldStream), Self.events(newStream), at: "stream", &substitution)
        }
    }

    // MARK: Parts

    private func headers(_ envelope: JSON) -> JSON {
        var headers = JSONObject()
        for member in envelope["headers"]?.object?.members ?? [] {
            let name = member.key.lowercasedASCII
            if !Self.ignoredHeaders.contains(name) { headers[name] = .string(member.value.string ?? member.value.text) }
        }
        return .object(headers)
    }

    /// Not compared, but later requests may contain it.
    private static func tag(of envelope: JSON) -> String? {
        envelope["headers"]?.object?.members.first { $0.key.lowercasedASCII == "etag" }?.value.string
    }

    private func cookies(_ envelope: JSON) -> JSON { envelope["cookies"] ?? .array([]) }

    private static func body(_ envelope: JSON) -> JSON { Envelope.unfolded(envelope)["body"] ?? .string("") }

    /// The parts of a stream as one text, or as events if they are Server-Sent Events. How it was divided does not
    /// matter.
    private static func events(_ lines: [JSON]) -> JSON {
        let text = lines.compactMap { $0["chunk"]?.string }.joined()
        let events = Self.parts(text)
        guard ["event:", "data:", "id:"].contains(where: { text.starts(withBytes: $0) }) else { return .string(text) }
        return .array(
            events.map { event in
                var fields = JSONObject()
                for line in event.split(atByte: "\n") {
                    guard let colon = line.firstIndex(ofByte: ":") else { continue }
                    let value =
                        String(line[line.utf8.index(after: colon)...].utf8.drop { $0 == UInt8(ascii: " ") }) ?? ""
                    fields[String(line[..<colon])] = Envelope.document(value) ?? .string(value)
                }
                return .object(fields)
            })
    }

    /// The text between empty lines.
    private static func parts(_ text: String) -> [String] {
        var parts: [String] = [""]
        for line in text.split(atByte: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { parts.append("") } else { parts[parts.count - 1] += line + "\n" }
        }
        return parts.filter { !$0.isEmpty }
    }

    // MARK: Values

    private mutating func compare(_ old: JSON, _ new: JSON, at path: String, _ substitution: inout Substitution) {
        guard old != new, !isIgnored(path) else { return }
        switch (old, new) {
        // Stand-ins for secrets that are not text.
        case (.object, .object) where SecretMask.isSecret(Self.name(path)): break
        case (.int, .int) where SecretMask.isSecret(Self.name(path)): break
        case (.object(let before), .object(let after)):
            for member in before.members {
                compare(member.value, after[member.key], at: "\(path).\(member.key)", &substitution)
            }
            for member in after.members where before[member.key] == nil {
                compare(nil, member.value, at: "\(path).\(member.key)", &substitution)
            }
        case (.array(let before), .array(let after)):
            if before.count != after.count {
                return add(path, "\(before.count) items", "\(after.count) items")
            }
            for (index, pair) in zip(before, after).enumerated() {
                compare(pair.0, pair.1, at: "\(path)[\(index)]", &substitution)
            }
        case (.string(let before), .string(let after)):
            let isSecret = SecretMask.isSecret(Self.name(path))
            if !substitution.matches(before, after, isSecret: isSecret), !isStandIn(before, for: after, at: path) {
                add(path, old, new)
            }
        default: add(path, old, new)
        }
    }

    /// Whether a whole body may have been recorded as a stand-in.
    private func isStandIn(_ old: String, for new: String, at path: String) -> Bool {
        path == "body" && old.unicodeScalars.count == new.composed.unicodeScalars.count
            && SecretNames.areBeforeValues(in: new.utf8)
    }

    private mutating func compare(_ old: JSON?, _ new: JSON?, at path: String, _ substitution: inout Substitution) {
        switch (old, new) {
        case (let old?, let new?): compare(old, new, at: path, &substitution)
        case (let old?, nil) where !isIgnored(path): add(path, Self.shown(old), "nothing")
        case (nil, let new?) where !isIgnored(path): add(path, "nothing", Self.shown(new))
        default: break
        }
    }

    /// The last name of a path.
    private static func name(_ path: String) -> String {
        let last = path.split(atByte: ".").last ?? ""
        return String(last.prefix(beforeAnyOf: "["))
    }

    private func isIgnored(_ path: String) -> Bool {
        let name = Self.name(path)
        // A replay disables the limits.
        if name.ends(withBytes: "Ms") || name.starts(withBytes: "rateLimit") || name == "timeEpoch"
            || (name == "prefix" && path.starts(withBytes: "body"))
        {
            return true
        }
        let general = Self.general(path)
        return ignored.contains { pattern in
            pattern == name || general == Self.general(pattern) || path == pattern
        }
    }

    /// With `[*]` for every index.
    private static func general(_ path: String) -> String {
        var result = ""
        var isIndex = false
        for scalar in path.unicodeScalars {
            if scalar == "]" { isIndex = false }
            if !isIndex { result.unicodeScalars.append(scalar) }
            if scalar == "[" {
                isIndex = true
                result.append("*")
            }
        }
        return result
    }

    // MARK: Texts

    private mutating func add(_ path: String, _ old: JSON, _ new: JSON) { add(path, Self.shown(old), Self.shown(new)) }

    private mutating func add(_ path: String, _ old: String, _ new: String) {
        differences.append(Difference(path: path, text: "\(old) → \(new)"))
    }

    private static func shown(_ json: JSON) -> String {
        let text = json.text
        return text.count > 120 ? text.prefix(119) + "…" : text
    }
}
