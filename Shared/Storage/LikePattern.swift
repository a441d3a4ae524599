import Language

/// A LIKE pattern that matches text containing the argument. LIKE's wildcards are escaped.
func likePattern(containing text: String) -> String {
    var pattern: String.UnicodeScalarView = "%".unicodeScalars
    for scalar in SearchKey.of(text).unicodeScalars {
        if scalar == "%" || scalar == "_" || scalar == "\\" { pattern.append("\\") }
        pattern.append(scalar)
    }
    pattern.append("%")
    return String(pattern)
}
