import Language

/// Text as a pattern for LIKE that matches it anywhere, with LIKE's own wildcards taken literally.
func likePattern(containing text: String) -> String {
    var pattern: String.UnicodeScalarView = "%".unicodeScalars
    for scalar in SearchKey.of(text).unicodeScalars {
        if scalar == "%" || scalar == "_" || scalar == "\\" { pattern.append("\\") }
        pattern.append(scalar)
    }
    pattern.append("%")
    return String(pattern)
}
