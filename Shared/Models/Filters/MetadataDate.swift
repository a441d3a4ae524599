import Wire

/// A date in metadata, as a point in time: `2024-05-01`, `2024-05-01T10:30`, `2024-05-01 10:30:00.123456+02:00`
/// (ISO 8601). Without an offset, it is in UTC.
struct MetadataDate: Comparable {
    private let seconds: Int64
    private let nanoseconds: Int64

    /// Nil for any other text.
    init?(_ text: String) {
        // Most texts are no dates, and short ones need no look at their characters.
        let count = text.utf8.count
        guard count >= 10, count <= 40 else { return nil }
        var text = text
        guard let date = text.withUTF8({ Self($0) }) else { return nil }
        self = date
    }

    private init?(_ text: UnsafeBufferPointer<UInt8>) {
        var digits = Digits(text)
        guard let year = digits.number(4), digits.take("-"), let month = digits.number(2), digits.take("-"),
            let day = digits.number(2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var seconds = date.daysSinceEpoch * 86_400
        var nanoseconds = 0
        if !digits.isAtEnd {
            guard digits.take("T") || digits.take("t") || digits.take(" "), let time = Self.time(&digits),
                let offset = Self.offset(&digits), digits.isAtEnd
            else { return nil }
            seconds += time.seconds - offset
            nanoseconds = time.nanoseconds
        }
        (self.seconds, self.nanoseconds) = (Int64(seconds), Int64(nanoseconds))
    }

    private static func time(_ digits: inout Digits) -> (seconds: Int, nanoseconds: Int)? {
        guard let hour = digits.number(2), hour < 24, digits.take(":"), let minute = digits.number(2), minute < 60
        else { return nil }
        let whole = (hour * 60 + minute) * 60
        guard digits.take(":") else { return (whole, 0) }
        guard let second = digits.number(2), second < 61 else { return nil }
        guard digits.take(".") || digits.take(",") else { return (whole + second, 0) }
        return digits.fraction().map { (whole + second, $0) }
    }

    /// In seconds east of UTC; nil for anything that is not an offset.
    private static func offset(_ digits: inout Digits) -> Int? {
        if digits.isAtEnd || digits.take("Z") || digits.take("z") { return 0 }
        let isEast = digits.take("+")
        guard isEast || digits.take("-"), let hours = digits.number(2), hours < 24 else { return nil }
        var minutes = 0
        if !digits.isAtEnd {
            _ = digits.take(":")
            guard let number = digits.number(2), number < 60 else { return nil }
            minutes = number
        }
        return (isEast ? 1 : -1) * (hours * 60 + minutes) * 60
    }

    static func < (left: MetadataDate, right: MetadataDate) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// Reads digits and single characters from the front of a text.
private struct Digits {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { index == text.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard index < text.count, ASCII.isDigit(text[index]) else { return nil }
        index += 1
        return Int(text[index - 1] - UInt8(ascii: "0"))
    }

    mutating func number(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// In nanoseconds; smaller parts are left out.
    mutating func fraction() -> Int? {
        guard let first = digit() else { return nil }
        var (value, weight) = (first * 100_000_000, 10_000_000)
        while let next = digit() {
            value += next * weight
            weight /= 10
        }
        return value
    }
}
