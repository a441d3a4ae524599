import Testing
import Wire

/// The types of input values: what each takes from JSON and from text, and that its schema says the same.
struct ValueTypeTests {
    /// What a type says of a JSON value: nil when it takes it.
    private func reason<V>(_ type: ValueType<V>, _ json: JSON) -> String? {
        do throws(Invalid) {
            _ = try type.parse(json)
            return nil
        } catch { return error.parts.first?.reason }
    }

    private func reason<V>(_ type: ValueType<V>, text: String) -> String? {
        do throws(Invalid) {
            _ = try type.parseText(text)
            return nil
        } catch { return error.parts.first?.reason }
    }

    /// Texts, and whether `name(1...5)` takes them. Length is counted in Unicode scalars.
    @Test(arguments: [
        ("a", true), ("abcde", true), ("  abcde ", true), ("äöüßé", true), ("👩‍👩", true), ("", false), (" ", false),
        ("abcdef", false), ("a\nb", false), ("a\tb", false), ("a\u{0}", false), ("a\u{7F}", false), ("\u{200B}", false),
        ("a\u{202E}b", false), ("\u{FEFF}", false),
    ])
    func aNameIsOneVisibleLine(_ text: String, _ isTaken: Bool) {
        #expect((reason(.name(1...5), .string(text)) == nil) == isTaken)
        #expect((reason(.name(1...5), text: text) == nil) == isTaken)
    }

    @Test func namesAreTrimmed() throws {
        #expect(try ValueType.name(1...9).parse("  a b\u{3000}") == "a b")
        #expect(try ValueType.name(0...9).parse("   ") == "")
    }

    @Test func textIsTakenAsItIs() throws {
        #expect(try ValueType.text(0...9).parse(" a\n ") == " a\n ")
        #expect(reason(.text(2...3), "a") != nil)
        #expect(reason(.text(2...3), "abcd") != nil)
        #expect(reason(.text(2...3), 12) != nil)
        #expect(reason(.words(1...9, example: "x"), " \n") != nil)
        #expect(reason(.words(1...9, example: "x"), " a ") == nil)
        #expect(reason(.searchText, "a\u{0}") != nil)
    }

    @Test(arguments: [("0", 0), ("5", 5), ("10", 10), ("-0", 0), ("007", 7)]) func integersAreDigits(
        _ text: String, _ value: Int
    )
        throws
    {
        #expect(try ValueType.integer(0...10).parseText(text) == value)
    }

    @Test(arguments: ["", "-1", "11", "+5", "1.0", " 1", "0x1", "1e1", "٣", "99999999999999999999"])
    func otherTextIsNoInteger(_ text: String) {
        #expect(reason(.integer(0...10), text: text) != nil)
    }

    @Test func numbersOfJSONMayHaveAFraction() throws {
        #expect(try ValueType.integer(0...10).parse(5) == 5)
        #expect(try ValueType.integer(0...10).parse(.double(5.0)) == 5)
        #expect(reason(.integer(0...10), .double(5.5)) != nil)
        #expect(reason(.integer(0...10), "5") != nil)
        #expect(try ValueType.number(0...1).parse(.double(0.5)) == 0.5)
        #expect(try ValueType.number(0...1).parse(1) == 1)
        for text in ["nan", "inf", "1.01", "-0.1", "", "x"] {
            #expect(reason(.number(0...1), text: text) != nil, "\(text)")
        }
    }

    @Test func flagsAreTrueOrFalse() throws {
        #expect(try ValueType.flag.parse(true))
        #expect(try !ValueType.flag.parseText("false"))
        for text in ["True", "1", "yes", ""] { #expect(reason(.flag, text: text) != nil, "\(text)") }
        #expect(reason(.flag, 1) != nil)
    }

    @Test(arguments: ["2026-11-23T20:45:24.120Z", "2026-11-23T20:45:24Z", "2026-11-23T21:45:24+01:00", "2026-11-23"])
    func timesAreISO8601(_ text: String) {
        #expect(reason(.timestamp, .string(text)) == nil)
        #expect(reason(.timestamp, text: text) == nil)
    }

    @Test(arguments: [
        "", "yesterday", "2026-11", "2026-13-01T00:00:00Z", "2026-11-23T25:00:00Z", "2026-11-23T20:45:24",
    ])
    func otherTextIsNoTime(_ text: String) {
        #expect(reason(.timestamp, text: text) != nil)
    }

    @Test func listsAreBounded() throws {
        let type = ValueType.list(of: .integer(0...9), count: 1...3)
        #expect(try type.parse([1, 2, 3]) == [1, 2, 3])
        #expect(try type.parseText("1,2") == [1, 2])
        for json: JSON in [[], [1, 2, 3, 4], [10], ["1"], 1, [:]] { #expect(reason(type, json) != nil, "\(json)") }
        for text in ["", "1,2,3,4", "10", "a"] { #expect(reason(type, text: text) != nil, "\(text)") }
    }

    @Test func objectsAreBoundedInBytes() {
        #expect(reason(.object(maxBytes: 7), ["a": 1]) == nil)
        #expect(reason(.object(maxBytes: 6), ["a": 1]) != nil)
        #expect(reason(.object(maxBytes: 100), [1]) != nil)
        #expect(reason(.object(maxBytes: 100), text: "{\"a\":1}") == nil)
        for text in ["", "{", "[1]", "null"] { #expect(reason(.object(maxBytes: 100), text: text) != nil, "\(text)") }
    }

    /// The schema that is published has the bounds that are checked.
    @Test func schemasHaveTheSameBounds() {
        func member<V>(_ type: ValueType<V>, _ name: String) -> JSON? { type.schema().object?[name] }
        #expect(member(.text(2...3), "minLength") == 2)
        #expect(member(.text(2...3), "maxLength") == 3)
        #expect(member(.text(0...Int.max), "maxLength") == nil)
        #expect(member(.integer(1...9), "minimum") == 1)
        #expect(member(.integer(1...9), "maximum") == 9)
        #expect(member(.list(of: .flag, count: 1...3), "minItems") == 1)
        #expect(member(.list(of: .flag, count: 1...3), "maxItems") == 3)
        #expect(member(.timestamp, "format") == "date-time")
    }

    /// An example is itself a value of the type.
    @Test func examplesAreTaken() {
        #expect(reason(.name(1...100), .string(ValueType.name(1...100).example)) == nil)
        #expect(reason(.integer(5...9), .int(Int64(ValueType.integer(5...9).example))) == nil)
        #expect(reason(.timestamp, .string(ValueType<Timestamp>.timestamp.example.description)) == nil)
    }

    /// A further check runs after the first; errors of members carry their paths.
    @Test func aTypeIsCheckedFurther() throws {
        let even = ValueType.integer(0...10).map(example: 2) { number throws(Invalid) in
            if number % 2 != 0 { throw Invalid("must be even") }
            return number
        }
        #expect(try even.parse(4) == 4)
        #expect(reason(even, 3) == "must be even")
        #expect(reason(even, 11) != "must be even")
        let invalid = Invalid([.init(path: "a", reason: "is wrong"), .init(path: "b", reason: "too")])
        #expect(invalid.parts.map(\.path) == ["a", "b"] && !invalid.isMalformed)
    }

    @Test func errorsInMembersHaveTheirWholePath() {
        let inner = ValueType<Int>.integer(0...1).map(example: 0) { _ throws(Invalid) in
            throw Invalid([.init(path: "filters[1].type", reason: "is wrong")], isMalformed: true)
        }
        let outer = ValueType.object(example: 0) { members, _ in members.optional("metadata", inner) ?? 0 }
        do throws(Invalid) {
            _ = try outer.parse(["metadata": 1])
            Issue.record("no error")
        } catch {
            #expect(error.parts.map(\.path) == ["metadata.filters[1].type"] && error.isMalformed)
            #expect(Invalid.Part(path: "[0]", reason: "").path(within: "a") == "a[0]")
        }
    }
}
