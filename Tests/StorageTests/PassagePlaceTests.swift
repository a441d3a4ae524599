import Foundation
import Models
import TestSupport
import Testing

@testable import Storage

/// Where a passage is in its file comes back from the database as it was.
struct PassagePlaceTests {
    @Test(arguments: [
        Place(), Place(page: 3), Place(slide: 2), Place(sheet: "Ümsätze \"2024\"", row: 1_048_576),
        Place(chapter: "1. The Sea"), Place(page: 2, message: 7), Place(line: 12),
    ])
    func itIsStored(place: Place) throws {
        let position = Passage.Position(
            index: 0, start: 0, end: 1, place: place, heading: "H",
            headingPath: place.line == nil ? [] : ["Guide", "Use"])
        let read = Passage.Position(
            index: 0, start: 0, end: 1, page: place.page, heading: "H", storedPlace: position.storedPlace)
        #expect(read.place == place)
        #expect(read.headingPath == position.headingPath)
        #expect((position.storedPlace == nil) == (place == Place(page: place.page)))
    }

    @Test func itIsListedWithThePassage() throws {
        let corpus = try Corpus()
        let workspace = try corpus.addWorkspace()
        let document = try corpus.add([(heading: nil, content: "Tea"), (heading: nil, content: "Milk")], to: workspace)
        let place: String = #"{"row":4,"sheet":"2024","headingPath":["Prices"]}"#
        try corpus.store.database.run("UPDATE passages SET page = 9, place = \(place) WHERE content = 'Milk'")
        let found = try corpus.store.database.all(
            "SELECT \(Passage.columns) FROM passages p WHERE p.document_id = \(document) ORDER BY p.position"
        ) { Passage(from: &$0) }
        #expect(found.map(\.position.place) == [Place(), Place(page: 9, sheet: "2024", row: 4)])
        #expect(found.map(\.position.headingPath) == [[], ["Prices"]])
    }
}
