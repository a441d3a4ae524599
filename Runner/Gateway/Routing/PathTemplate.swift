import Wire

/// Paths with parameters, such as `/workspaces/{workspaceId}`.
enum PathTemplate {
    /// The parts between the slashes. A trailing slash has no meaning.
    static func segments(_ path: String) -> [Substring] {
        let parts = path.split(atByte: "/", omittingEmptySubsequences: false).dropFirst()
        return Array(parts.last?.isEmpty == true ? parts.dropLast() : parts)
    }

    /// `workspaceId` for `{workspaceId}`; nil for a fixed segment.
    static func parameterName(_ segment: Substring) -> String? {
        guard segment.utf8.first == UInt8(ascii: "{"), segment.utf8.last == UInt8(ascii: "}") else { return nil }
        return String(segment.dropFirst().dropLast())
    }
}
