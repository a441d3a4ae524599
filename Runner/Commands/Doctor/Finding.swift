import Wire

/// The result of one check.
struct Finding {
    enum Level: String { case ok, warning, failure }

    let level: Level
    /// `machine`, `data`, …
    let area: String
    let text: String
    /// How to fix it.
    let cure: String?

    static func ok(_ area: String, _ text: String) -> Finding { Finding(level: .ok, area: area, text: text, cure: nil) }

    static func warning(_ area: String, _ text: String, cure: String) -> Finding {
        Finding(level: .warning, area: area, text: text, cure: cure)
    }

    static func failure(_ area: String, _ text: String, cure: String) -> Finding {
        Finding(level: .failure, area: area, text: text, cure: cure)
    }

    var json: JSON {
        [
            "level": .string(level.rawValue), "area": .string(area), "text": .string(text),
            "cure": cure.map { .string($0) } ?? .null,
        ]
    }
}
