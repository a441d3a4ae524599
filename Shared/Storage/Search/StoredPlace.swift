import Models
import Wire

extension Passage.Position {
    /// The fields that most passages do not have, as one column: JSON with the names of the API. Nil if there are none.
    /// Pages have a column of their own.
    var storedPlace: RawJSON? {
        var fields = JSONObject()
        for (name, number) in [
            ("slide", place.slide), ("row", place.row), ("message", place.message), ("line", place.line),
        ] {
            if let number { fields.append(name, .int(Int64(number))) }
        }
        for (name, text) in [("sheet", place.sheet), ("chapter", place.chapter)] {
            if let text { fields.append(name, .string(text)) }
        }
        if !headingPath.isEmpty { fields.append("headingPath", .array(headingPath.map { .string($0) })) }
        return fields.isEmpty ? nil : RawJSON(.object(fields))
    }

    init(index: Int, start: Int, end: Int, page: Int?, heading: String?, storedPlace: RawJSON?) {
        let fields = storedPlace?.value
        self.init(
            index: index, start: start, end: end,
            place: Place(
                page: page, slide: fields?["slide"]?.int, sheet: fields?["sheet"]?.string, row: fields?["row"]?.int,
                chapter: fields?["chapter"]?.string, message: fields?["message"]?.int, line: fields?["line"]?.int),
            heading: heading, headingPath: fields?["headingPath"]?.array?.compactMap(\.string) ?? [])
    }
}
