import Wire

/// File names as clients send them.
public enum FileName {
    /// The name without folders and invisible characters, at most 255 characters; never empty, `.` or `..`.
    public static func clean(_ name: String) -> String {
        let visible = String(String.UnicodeScalarView(name.unicodeScalars.filter { !$0.isHidden }))
        let last = visible.split(atByte: "/").last?.split(atByte: "\\").last ?? ""
        let cleaned = String(String.UnicodeScalarView(last.unicodeScalars.prefix(255))).trimmed
        let isName = cleaned.unicodeScalars.contains { $0 != "." && !$0.properties.isWhitespace }
        return isName ? cleaned : "untitled"
    }
}
