import Wire

extension ProviderMessage {
    /// Whether a smaller request may succeed. Servers that say that there are too many texts, or that one is too long,
    /// do so in many words, so any refusal of the content counts.
    func isAboutSize(_ status: Int) -> Bool {
        guard !isOutOfQuota, !isFiltered else { return false }
        return [400, 413, 422].contains(status) || status == 500 && isContextTooLong
    }

    /// Whether the server says that a field is missing.
    func misses(_ field: String) -> Bool {
        contains(field) && (contains("missing") || contains("required"))
    }
}

extension String {
    /// The beginning of the text, of about `share` of its bytes; nil if nothing would remain.
    func cut(to share: Double) -> String? {
        let target = Int(Double(utf8.count) * share)
        var end = utf8.index(startIndex, offsetBy: min(target, utf8.count))
        while end > startIndex, end < endIndex, UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
        return end > startIndex && end < endIndex ? String(self[..<end]) : nil
    }
}
