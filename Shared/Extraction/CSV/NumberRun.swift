/// Years, hours or numbers that follow each other, mostly at regular intervals, as the names of columns do: `1990, 2000, 2010`,
/// `08:00, 09:00`, `1, 2, 3`.
struct NumberRun {
    enum Scale { case years, hours, numbers }

    let scale: Scale
    let first: Int
    /// 0 for hours at irregular intervals.
    let step: Int

    private static let years = 1_800...2_200

    init?(_ cells: [[UInt8]]) {
        let hours = cells.compactMap(Self.minutes)
        let numbers = hours.isEmpty ? cells.compactMap(\.wholeNumber) : hours
        guard cells.count > 1, numbers.count == cells.count else { return nil }
        let steps = zip(numbers, numbers.dropFirst()).map { $1 - $0 }
        let isRegular = steps.allSatisfy { $0 == steps[0] && $0 != 0 }
        guard isRegular || !hours.isEmpty && steps.allSatisfy({ $0 > 0 }) else { return nil }
        step = isRegular ? steps[0] : 0
        first = numbers[0]
        scale = !hours.isEmpty ? .hours : numbers.allSatisfy(Self.years.contains) ? .years : .numbers
    }

    /// The minutes since midnight of `08:00`, `8:30 pm` or `9 am`.
    static func minutes(_ cell: [UInt8]) -> Int? {
        let words = TextBytes.collapse(cell).map(TextBytes.lowercase)
        let time = words.prefix { TextBytes.isDigit($0) || $0 == UInt8(ascii: ":") }
        let half = words[time.count...].filter { $0 != 0x20 && $0 != UInt8(ascii: ".") }
        let isAfternoon = half == Array("pm".utf8)
        let parts = time.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.count <= 2 ? Array($0).wholeNumber : nil }
        guard half.isEmpty ? parts.count == 2 : (isAfternoon || half == Array("am".utf8)) && parts.count <= 2,
            numbers.count == parts.count, let hour = numbers.first, hour <= 24,
            parts.dropFirst().allSatisfy({ $0.count == 2 })
        else { return nil }
        let minute = numbers.count > 1 ? numbers[1] : 0
        let hours = half.isEmpty ? hour : hour % 12 + (isAfternoon ? 12 : 0)
        return minute < 60 ? hours * 60 + minute : nil
    }
}
