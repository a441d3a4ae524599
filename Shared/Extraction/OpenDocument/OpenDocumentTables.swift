/// Tables (OpenDocument 1.3 part 3, section 9).
extension OpenDocumentReader {
    mutating func readTable(_ reader: inout XMLReader) throws(XMLError) {
        boxes[boxes.count - 1].tables.open()
        try readRows(&reader, isHeader: false)
        boxes[boxes.count - 1].tables.close()
        pass()
    }

    /// Reads the rows in the table or group that just started.
    private mutating func readRows(_ reader: inout XMLReader, isHeader: Bool) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard case .start(let name) = event else { continue }
            switch (name.namespace, name.local) {
            case (.openTable, "table-header-rows"): try readRows(&reader, isHeader: true)
            case (.openTable, "table-rows"), (.openTable, "table-row-group"):
                try readRows(&reader, isHeader: isHeader)
            case (.openTable, "table-row"):
                boxes[boxes.count - 1].tables.startRow(isHeader: isHeader)
                try readCells(&reader)
                boxes[boxes.count - 1].finishRow()
                pass()
            default: try reader.skipElement()
            }
        }
    }

    private mutating func readCells(_ reader: inout XMLReader) throws(XMLError) {
        let depth = reader.depth
        while let event = try reader.next(within: depth) {
            guard event == .start(XMLName(namespace: .openTable, local: "table-cell")) else {
                // A cell that another one covers is there, too.
                if case .start = event { try reader.skipElement() }
                continue
            }
            let last = boxes.count - 1
            let repeated = try number("number-columns-repeated", reader)
            boxes[last].tables.startCell(
                columns: try number("number-columns-spanned", reader), rows: try number("number-rows-spanned", reader))
            boxes[last].isBoldCell = true
            try readContent(&reader)
            boxes[last].tables.endCell(isBold: boxes[last].isBoldCell)
            if repeated > 1 { boxes[last].tables.skipColumns(repeated - 1) }
        }
    }

    private func number(_ name: String, _ reader: XMLReader) throws(XMLError) -> Int {
        try reader.attribute(name, in: .openTable).flatMap { Int($0) } ?? 1
    }
}
