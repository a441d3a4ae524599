/// A minimal PDF without compression: Helvetica, its bold version, and Courier.
struct PDFFile {
    /// The content stream of each page.
    private var streams: [String]

    /// A line at a place: in points from the left and from the bottom of a page of 595 by 842.
    struct Line {
        var text: String
        var x = 60
        var y: Int
        var size = 12
        var font = "F1"
    }

    /// Pages of lines of 12 points below one another; an empty line becomes a paragraph gap.
    init(pages: [[String]]) {
        streams = pages.map { lines in
            let text = lines.map { $0.isEmpty ? "0 -20 Td" : "(\($0)) Tj 0 -14 Td" }.joined(separator: "\n")
            return "BT /F1 12 Tf 60 780 Td\n\(text)\nET"
        }
    }

    init(lines pages: [[Line]]) {
        streams = pages.map { lines in
            lines.map { "BT /\($0.font) \($0.size) Tf \($0.x) \($0.y) Td (\($0.text)) Tj ET" }.joined(separator: "\n")
        }
    }

    /// Lines of body text, 14 points apart.
    static func text(_ lines: [String], x: Int = 60, from y: Int) -> [Line] {
        lines.enumerated().map { Line(text: $1, x: x, y: y - 14 * $0) }
    }

    var bytes: [UInt8] {
        let kids = streams.indices.map { "\(6 + 2 * $0) 0 R" }.joined(separator: " ")
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count \(streams.count) /Kids [\(kids)] >>",
        ]
        for font in ["Helvetica", "Helvetica-Bold", "Courier"] {
            objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /\(font) /Encoding /WinAnsiEncoding >>")
        }
        for (index, stream) in streams.enumerated() {
            objects.append(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
                    + "/Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> /Contents \(7 + 2 * index) 0 R >>")
            objects.append("<< /Length \(stream.utf8.count) >>\nstream\n\(stream)\nendstream")
        }
        return Self.file(of: objects)
    }

    /// ISO 32000-1, section 7.5: the objects, a table of their offsets, and the offset of that table.
    private static func file(of objects: [String]) -> [UInt8] {
        var file = "%PDF-1.4\n"
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(file.utf8.count)
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for place in places {
            let digits = String(place)
            file += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        file += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
        return Array(file.utf8)
    }
}

extension PDFFile {
    /// A paragraph in lines.
    static let prose = [
        "The tenant pays the rent by the third working day of each month. A payment",
        "that comes late bears interest of five per cent a year above the base rate. The",
        "landlord may ask for a deposit of three monthly rents and keeps it apart from",
        "his own money until the end of the lease.",
    ]
    static let wholeProse = prose.joined(separator: " ")
}
