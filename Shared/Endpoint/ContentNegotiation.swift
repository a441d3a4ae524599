import Wire

/// Which of the two forms of a response the client prefers (RFC 9110 section 12.5.1).
public enum ContentNegotiation {
    /// Whether `Accept` names the event stream with at least the weight of JSON.
    public static func prefersEventStream(_ accept: String) -> Bool {
        let weights = accept.split(atByte: ",").map(mediaRange)
        func weight(of names: [String]) -> Double {
            names.lazy.compactMap { name in weights.first { $0.name == name }?.weight }.first ?? 0
        }
        let events = weight(of: ["text/event-stream"])
        return events > 0 && events >= weight(of: ["application/json", "application/*", "*/*"])
    }

    private static func mediaRange(_ text: Substring) -> (name: String, weight: Double) {
        let parts = text.split(atByte: ";").map { part in
            String(String.UnicodeScalarView(part.unicodeScalars.filter { $0 != " " && $0 != "\t" })).lowercasedASCII
        }
        let quality = parts.dropFirst().compactMap { $0.without(prefix: "q=") }.first
        return (parts.first ?? "", quality.map { Double($0) ?? 0 } ?? 1)
    }
}
