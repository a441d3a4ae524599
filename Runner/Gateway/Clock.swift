import Glibc
import Platform
import Wire

/// Monotonic time. All times and durations inside the gateway are in microseconds.
package enum Clock {
    package static var now: Int64 { MonotonicClock.microseconds }

    /// Converts seconds to a duration.
    package static func seconds(_ count: Double) -> Int64 { Int64(count * 1_000_000) }
}

/// The value of the `Date` header (RFC 9110 section 5.6.7), rebuilt once a second.
struct DateHeader {
    private var second: Int64 = -1
    private let text = ByteBuffer(capacity: 40)

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; valid until the next call.
    mutating func bytes() -> UnsafeBufferPointer<UInt8> {
        var now = time(nil)
        guard Int64(now) != second else { return text.bytes }
        second = Int64(now)
        var parts = tm()
        gmtime_r(&now, &parts)
        text.removeAll()
        text.append(Self.days[Int(parts.tm_wday)])
        text.append(", " as StaticString)
        appendTwoDigits(parts.tm_mday)
        text.append(UInt8(ascii: " "))
        text.append(Self.months[Int(parts.tm_mon)])
        text.append(UInt8(ascii: " "))
        text.append(decimal: Int64(parts.tm_year) + 1900)
        text.append(UInt8(ascii: " "))
        appendTwoDigits(parts.tm_hour)
        text.append(UInt8(ascii: ":"))
        appendTwoDigits(parts.tm_min)
        text.append(UInt8(ascii: ":"))
        appendTwoDigits(parts.tm_sec)
        text.append(" GMT" as StaticString)
        return text.bytes
    }

    private func appendTwoDigits(_ value: Int32) {
        text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }
}
