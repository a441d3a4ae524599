import Testing

@testable import Wire

@Suite struct TimestampTests {
    private static let texts: [(milliseconds: Int64, text: String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_764_038_473_064, "2025-11-25T02:41:13.064Z"), (1_764_115_199_999, "2025-11-25T23:59:59.999Z"),
        (1_764_115_200_000, "2025-11-26T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        // Four digits are all that there is room for.
        (253_402_300_800_000, "9999-01-01T00:00:00.000Z"), (-62_167_219_200_001, "0000-12-31T23:59:59.999Z"),
    ]

    @Test func timesAreWrittenAsRFC3339HasThem() {
        for (milliseconds, text) in Self.texts {
            #expect(Timestamp(milliseconds: milliseconds).description == text)
        }
    }

    @Test func theDayBeforeLeavesNothingBehind() {
        var writer = JSONWriter()
        var dates = RecurringDate()
        writer.array { writer in
            for (milliseconds, _) in Self.texts + Self.texts.reversed() {
                writer.value(Timestamp(milliseconds: milliseconds), dates: &dates)
            }
        }
        let quoted = (Self.texts + Self.texts.reversed()).map { "\"\($0.text)\"" }
        #expect(writer.buffer.text == "[\(quoted.joined(separator: ","))]")
    }
}
