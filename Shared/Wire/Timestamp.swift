import Glibc

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public init(seconds: Int64) { milliseconds = seconds.multipliedReportingOverflow(by: 1000).partialValue }

    /// The system clock's time.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public var seconds: Int64 { milliseconds / 1000 }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
    public static func + (time: Timestamp, seconds: Int) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + Int64(seconds) * 1000)
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-11-23T20:45:24.120Z` (RFC 3339, always UTC with milliseconds).
    public var description: String {
        String(unsafeUninitializedCapacity: Self.length) { target in
            var dates = RecurringDate()
            if let first = target.baseAddress { write(at: first, dates: &dates) }
            return Self.length
        }
    }

    /// The length of the description, in characters.
    static let length = 24

    /// Writes the `length` characters of the description.
    func write(at target: UnsafeMutablePointer<UInt8>, dates: inout RecurringDate) {
        let dayLength: Int64 = 86_400_000
        let day = (milliseconds >= 0 ? milliseconds : milliseconds - dayLength + 1) / dayLength
        let rest = UInt(truncatingIfNeeded: milliseconds - day * dayLength)
        dates.write(Int(day), at: target)
        Digits.put(rest / 3_600_000, at: target + 11, then: ":")
        Digits.put(rest / 60_000 % 60, at: target + 14, then: ":")
        Digits.put(rest / 1000 % 60, at: target + 17, then: ".")
        Digits.put(rest % 1000 / 10, at: target + 20, then: "Z")
        target[22] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        target[23] = UInt8(ascii: "Z")
    }

    /// Parses RFC 3339: a date, or a date and time with `Z` or an offset and any number of fraction digits (truncated
    /// to milliseconds). Nil for anything else.
    public init?(_ text: String) {
        var scanner = DigitScanner(Array(text.utf8))
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        milliseconds = Int64(date.daysSinceEpoch) * 86_400_000
        if scanner.isAtEnd { return }
        guard scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.number(2), hour < 24, scanner.take(":"),
            let minute = scanner.number(2), minute < 60, scanner.take(":"),
            let second = scanner.number(2), second < 61
        else { return nil }
        milliseconds += Int64((hour * 60 + minute) * 60 + second) * 1000
        if scanner.take(".") {
            guard let fraction = scanner.fractionInMilliseconds() else { return nil }
            milliseconds += Int64(fraction)
        }
        if !(scanner.take("Z") || scanner.take("z")) {
            let isAhead = scanner.take("+")
            guard isAhead || scanner.take("-"), let hours = scanner.number(2), hours < 24, scanner.take(":"),
                let minutes = scanner.number(2), minutes < 60
            else { return nil }
            let offset = Int64(hours * 60 + minutes) * 60_000
            milliseconds += isAhead ? -offset : offset
        }
        if !scanner.isAtEnd { return nil }
    }
}

/// A day of the proleptic Gregorian calendar. The arithmetic is from Howard Hinnant's "chrono-Compatible Low-Level Date
/// Algorithms": years start in March, so the leap day comes last.
public struct CivilDate {
    var year: Int
    var month: Int
    var day: Int

    /// Nil if there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...12).contains(month), day >= 1, day <= lengths[month - 1] else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    init(daysSinceEpoch: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Since 1970-01-01.
    public var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// A cache of one day's text: consecutive times are usually of the same day.
public struct RecurringDate {
    private var day: Int?
    /// `2026-11-23T`, followed by unused bytes.
    private var text = SIMD16<UInt8>()

    public init() {}

    /// Writes the eleven characters of a day, given in days since 1970-01-01, and five more bytes.
    mutating func write(_ day: Int, at target: UnsafeMutablePointer<UInt8>) {
        if day != self.day {
            self.day = day
            withUnsafeMutableBytes(of: &text) { bytes in
                if let first = bytes.bindMemory(to: UInt8.self).baseAddress { Self.write(day, at: first) }
            }
        }
        UnsafeMutableRawPointer(target).storeBytes(of: text, as: SIMD16<UInt8>.self)
    }

    private static func write(_ day: Int, at target: UnsafeMutablePointer<UInt8>) {
        let date = CivilDate(daysSinceEpoch: day)
        let year = UInt(max(0, min(9999, date.year)))
        Digits.put(year / 100, at: target, then: "-")
        Digits.put(year % 100, at: target + 2, then: "-")
        Digits.put(UInt(date.month), at: target + 5, then: "-")
        Digits.put(UInt(date.day), at: target + 8, then: "T")
    }
}

private enum Digits {
    /// Writes two digits and the character after them.
    @inline(__always)
    static func put(_ value: UInt, at target: UnsafeMutablePointer<UInt8>, then mark: Unicode.Scalar) {
        target[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10)
        target[1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
        target[2] = UInt8(ascii: mark)
    }
}

/// Reads fixed-width numbers and single characters from the front of ASCII text.
private struct DigitScanner {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard index < bytes.count, ASCII.isDigit(bytes[index]) else { return nil }
        index += 1
        return Int(bytes[index - 1] - UInt8(ascii: "0"))
    }

    mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    mutating func fractionInMilliseconds() -> Int? {
        guard let first = digit() else { return nil }
        var value = first * 100
        var weight = 10
        while let next = digit() {
            value += next * weight
            weight /= 10
        }
        return value
    }
}
