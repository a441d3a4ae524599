/// Characters that carry no topic, in scripts without spaces.
enum FunctionCharacters {
    /// Whether a pair of letters contains a function character of Chinese, or is hiragana alone.
    static func arePart(of pair: [UInt8]) -> Bool {
        let scalars = String(decoding: pair, as: UTF8.self).unicodeScalars
        return scalars.contains { chinese.contains($0) } || scalars.allSatisfy { 0x3041...0x309F ~= $0.value }
    }

    private static let chinese = Set("的了是在和与有这那什么哪谁何为多少几吗呢被把对从到以于及或其之而也都就".unicodeScalars)
}
