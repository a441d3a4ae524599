import Testing
import Wire

@testable import Models

/// Which metadata a filter matches.
@Suite struct MetadataFilterTests {
    static let metadata = """
        {"year": 2024, "price": 1.0, "draft": false, "tag": "7", "tags": ["hr", "law"], "none": null, "empty": [],
        "big": 12345678901234567, "day": "2024-05-01", "time": "2024-05-01T10:00:00+02:00", "name": "Müller & Söhne",
        "frontMatter": {"author": {"name": "Ada"}, "pages": [3, 5]}, "a.b": 1, "a": {"b": 2, "c": 3}}
        """

    private func matches(_ filter: String, _ metadata: String = Self.metadata) throws -> Bool {
        let object = try #require(JSONReader.parse(filter).object)
        let parsed = try MetadataFilter(parsing: object)
        var metadata = metadata
        let asStored = metadata.withUTF8 { MetadataMatcher(parsed).matches($0) }
        #expect(parsed.matches(try #require(JSONReader.parse(metadata).object)) == asStored)
        return asStored
    }

    private func matches(_ key: String, _ comparison: String, _ value: String) throws -> Bool {
        try matches(#"{"type": "\#(comparison)", "key": "\#(key)", "value": \#(value)}"#)
    }

    @Test(arguments: [
        ("year", "2024", true), ("year", "2024.0", true), ("year", "2.024e3", true), ("year", "2025", false),
        ("year", #""2024""#, false), ("price", "1", true), ("draft", "false", true), ("draft", "0", false),
        ("draft", "null", false), ("none", "null", true), ("missing", "null", false), ("tag", #""7""#, true),
        ("tag", "7", false), ("big", "12345678901234567", true), ("big", "12345678901234568", false),
        ("big", "12345678901234567.0", false), ("day", #""2024-05-01T00:00:00Z""#, true),
        ("time", #""2024-05-01T08:00:00.000Z""#, true), ("time", #""2024-05-01T10:00:00Z""#, false),
        ("tags", #"["hr", "law"]"#, true), ("tags", #"["law", "hr"]"#, false), ("empty", "[]", true),
        ("frontMatter.author.name", #""Ada""#, true), ("frontMatter.author", #"{"name": "Ada"}"#, true),
        ("a.b", "1", true), ("a.c", "3", true), ("a", #"{"c": 3.0, "b": 2}"#, true), ("a", #"{"b": 2}"#, false),
        ("tags.hr", "null", false),
    ])
    func equality(_ key: String, _ value: String, _ expected: Bool) throws {
        #expect(try matches(key, "eq", value) == expected)
        #expect(try matches(key, "ne", value) != expected)
        #expect(try matches(key, "in", "[\(value)]") == expected)
        #expect(try matches(key, "nin", "[\(value), \(value)]") != expected)
        #expect(try matches(#"{"\#(key)": \#(value)}"#) == expected, "the short form")
        #expect(
            try matches(#"{"type": "not", "filter": {"type": "eq", "key": "\#(key)", "value": \#(value)}}"#) != expected
        )
    }

    @Test(arguments: [
        ("year", "gt", "2023", true), ("year", "gte", "2024.0", true), ("year", "lt", "2024.5", true),
        ("year", "lte", "2023.9", false), ("year", "gt", #""2023""#, false), ("big", "gt", "12345678901234566", true),
        ("big", "lt", "1e300", true), ("big", "gt", "-1e300", true), ("big", "lt", "12345678901234568", true),
        ("day", "gt", #""2024-04-30T23:59:59Z""#, true), ("day", "lt", #""2024-05-01T00:00""#, false),
        ("time", "lt", #""2024-05-01T08:00:00.000001Z""#, true), ("time", "gte", #""2024-05-01""#, true),
        ("time", "gt", #""2024-05-01 03:30:00-0430""#, false), ("name", "gt", #""M""#, true),
        ("name", "lt", #""Mz""#, false), ("tag", "lt", "8", false), ("draft", "lt", "1", false),
        ("none", "lte", "0", false), ("missing", "lt", "1", false), ("frontMatter.pages", "gt", "4", true),
        ("frontMatter.pages", "lt", "3", false), ("empty", "gt", "0", false),
    ])
    func order(_ key: String, _ comparison: String, _ value: String, _ expected: Bool) throws {
        #expect(try matches(key, comparison, value) == expected)
    }

    @Test func aListMatchesByItsValues() throws {
        #expect(try matches("tags", "eq", #""hr""#) && !matches("tags", "ne", #""hr""#))
        #expect(try matches("tags", "in", #"["x", "law"]"#) && !matches("tags", "nin", #"["x", "law"]"#))
        #expect(try matches("tags", "ne", #""x""#) && !matches("tags", "eq", #""h""#))
        #expect(try !matches(#"{"tags": "hr"}"#), "the short form compares as a whole")
    }

    @Test func containsLooksIntoListsAndTexts() throws {
        #expect(try matches("tags", "contains", #""law""#) && !matches("tags", "contains", #""la""#))
        #expect(try matches("frontMatter.pages", "contains", "5.0"))
        #expect(try matches("name", "contains", #""üller""#) && !matches("name", "contains", #""müller""#))
        #expect(try matches("name", "contains", #""""#) && !matches("year", "contains", #""20""#))
        #expect(try !matches("empty", "contains", "null") && !matches("missing", "contains", #""""#))
    }

    @Test func existsAsksForTheKey() throws {
        #expect(try matches("none", "exists", "true") && !matches("none", "exists", "false"))
        #expect(try matches("missing", "exists", "false") && !matches("missing", "exists", "true"))
        #expect(try matches(#"{"type": "exists", "key": "frontMatter.author.name"}"#))
    }

    @Test func emptyLists() throws {
        #expect(try !matches("year", "in", "[]") && matches("year", "nin", "[]") && matches("{}"))
    }

    @Test func conditionsCombine() throws {
        let (yes, no) = (
            #"{"type": "eq", "key": "year", "value": 2024}"#, #"{"type": "gt", "key": "year", "value": 2024}"#
        )
        #expect(try matches(#"{"type": "and", "filters": [\#(yes), \#(yes)]}"#))
        #expect(try !matches(#"{"type": "and", "filters": [\#(yes), \#(no)]}"#))
        #expect(try matches(#"{"type": "or", "filters": [\#(no), \#(yes)]}"#))
        #expect(try !matches(#"{"type": "or", "filters": [\#(no), {"type": "not", "filter": \#(yes)}]}"#))
        #expect(try matches(#"{"year": 2024, "draft": false}"#) && !matches(#"{"year": 2024, "draft": true}"#))
    }

    /// Metadata may have keys of such names itself.
    @Test func theShortFormMayHaveAType() throws {
        #expect(try matches(#"{"type": "report", "year": 1}"#, #"{"type": "report", "year": 1}"#))
        #expect(try matches(#"{"type": "eq"}"#, #"{"type": "eq"}"#))
        #expect(try matches(#"{"key": "k", "type": 5}"#, #"{"type": 5, "key": "k"}"#))
        #expect(try matches(#"{"type": "eq", "key": "type", "value": "eq"}"#, #"{"type": "eq"}"#))
    }

    @Test func storedTextIsReadAsItIs() throws {
        #expect(try matches(#"{"k\"é": 1}"#, #"{"k\"\u00e9": 1, "x": [{"k": 2}]}"#))
        #expect(try matches(#"{"x": 2}"#, #"{"x": 1, "x": 2}"#) && !matches(#"{"x": 1}"#, #"{"x": 1, "x": 2}"#))
        let anything = MetadataMatcher(.compare(MetadataKey("x"), .exists, true))
        for text in ["", "[]", "null", #"{"x": 1"#] {
            var text = text
            #expect(!text.withUTF8 { anything.matches($0) })
        }
    }

    // MARK: What is wrong

    private func error(_ filter: String) throws -> Invalid? {
        let object = try #require(JSONReader.parse(filter).object)
        do throws(Invalid) { _ = try MetadataFilter(parsing: object) } catch { return error }
        return nil
    }

    /// In place of the whole filter, it would otherwise be no condition at all.
    @Test(arguments: [
        (#"{"type": "and"}"#, "filters"), (#"{"type": "gte", "value": 3}"#, "key"), (#"{"filters": []}"#, "type"),
        (#"{"key": "a", "value": 1}"#, "type"), (#"{"type": 5, "key": "a", "value": 1}"#, "type"),
        (#"{"type": "eq", "key": "a", "value": 1}"#, nil), (#"{"documentIds": [], "type": null}"#, nil),
    ])
    func incompleteExpressionsAreErrors(_ filter: String, _ path: String?) throws {
        let json = try JSONReader.parse(filter)
        var found: String?
        do throws(Invalid) { _ = try ValueType.documentFilter.parse(json) } catch { found = error.parts.first?.path }
        #expect(found == path)
    }

    @Test(arguments: [
        (#"{"type": "equals", "key": "a", "value": 1}"#, "type"), (#"{"type": "EQ", "key": "a", "value": 1}"#, "type"),
        (#"{"type": "xor", "filters": []}"#, "type"), (#"{"type": "and", "filters": []}"#, "filters"),
        (#"{"type": "and", "filters": {}}"#, "filters"), (#"{"type": "and", "key": "a"}"#, "filters"),
        (#"{"type": "not", "filters": []}"#, "filter"), (#"{"type": "not", "filter": {}}"#, "filter.type"),
        (#"{"type": "or", "filters": [{"type": "eq", "key": "a", "value": 1}, {"type": "like"}]}"#, "filters[1].type"),
        (#"{"type": "and", "filters": [{"type": "not", "filter": {"type": 5}}]}"#, "filters[0].filter.type"),
        (#"{"type": "and", "filters": [5]}"#, "filters[0]"),
        (#"{"type": "and", "filters": [{"a": 1}]}"#, "filters[0].type"),
        (#"{"type": "eq", "filter": 5}"#, "key"), (#"{"type": "eq", "key": 5, "value": 1}"#, "key"),
        (#"{"type": "eq", "key": "a"}"#, "value"), (#"{"type": "gt", "key": "a", "value": true}"#, "value"),
        (#"{"type": "in", "key": "a", "value": 1}"#, "value"), (#"{"type": "nin", "key": "a", "value": {}}"#, "value"),
        (#"{"type": "contains", "key": "a", "value": []}"#, "value"),
        (#"{"type": "exists", "key": "a", "value": "yes"}"#, "value"),
    ])
    func whatIsMalformedIsNamed(_ filter: String, _ path: String) throws {
        let invalid = try error(filter)
        #expect(invalid?.parts.map(\.path) == [path] && invalid?.isMalformed == true, "\(filter)")
    }

    @Test func filtersAreBounded() throws {
        func nested(_ depth: Int) -> String {
            (1..<depth).reduce(#"{"type":"exists","key":"a"}"#) { inner, _ in #"{"type":"not","filter":\#(inner)}"# }
        }
        func wide(_ count: Int) -> String {
            let one = #"{"type":"exists","key":"a"}"#
            return #"{"type":"or","filters":[\#(Array(repeating: one, count: count).joined(separator: ","))]}"#
        }
        func values(_ count: Int) -> String {
            #"{"type":"in","key":"a","value":[\#(Array(repeating: "1", count: count).joined(separator: ","))]}"#
        }
        func keys(_ count: Int) -> String { "{" + (0..<count).map { "\"\($0)\":1" }.joined(separator: ",") + "}" }
        for filter in [nested(10), wide(99), values(100), keys(50)] { #expect(try error(filter) == nil) }
        let long = #"{"type":"eq","key":"a","value":"\#(String(repeating: "x", count: 4096))"}"#
        for filter in [nested(11), wide(100), values(101), keys(51), long] {
            #expect(try error(filter)?.isMalformed == false, "\(filter.prefix(40))")
        }
    }

    @Test(arguments: ["2024-05-01T10", "2024-13-01", "2024-05-32", "2024-05-01T24:00", "2024-05-01x", "20240501T1000Z"])
    func otherTextsAreNoDates(_ text: String) { #expect(MetadataDate(text) == nil) }
}
