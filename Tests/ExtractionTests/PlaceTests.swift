import Models
import Testing

@testable import Extraction

struct PlaceTests {
    private func split(_ blocks: [(TextBlock.Kind, String, Place)]) -> [PassageDraft] {
        var builder = TextBuilder()
        for (kind, text, place) in blocks { builder.append(kind, Array(text.utf8), at: place) }
        let text = builder.finish()
        let passages = PassageSplitter.split(text)
        expectBounds(passages, of: text)
        return passages
    }

    @Test func aPassageHasThePlaceOfItsFirstTextBelowTheHeading() {
        let passages = split([
            (.heading(level: 1), "Prices", Place(sheet: "2024", row: 1)),
            (.tableRow, "Item: Tea; Price: 3", Place(sheet: "2024", row: 3)),
            (.tableRow, "Item: Milk; Price: 2", Place(sheet: "2024", row: 4)),
        ])
        #expect(passages.map(\.place) == [Place(sheet: "2024", row: 3)])
        #expect(passages.map(\.heading) == ["Prices"])
    }

    @Test(arguments: [
        (Place(sheet: "A"), Place(sheet: "B"), 2), (Place(message: 1), Place(message: 2), 2),
        (Place(chapter: "One"), Place(chapter: "Two"), 2), (Place(page: 1), Place(page: 2), 1),
        (Place(slide: 1), Place(slide: 2), 1), (Place(line: 1), Place(line: 2), 1),
    ])
    func onlyWhatIsReadApartIsInPassagesOfItsOwn(first: Place, second: Place, expected: Int) {
        for heading in [TextBlock.Kind.heading(level: 1), .paragraph] {
            let passages = split([
                (heading, "One", first), (.paragraph, "Some words.", first),
                (heading, "Two", second), (.paragraph, "Other words.", second),
            ])
            #expect(passages.count == expected)
            #expect(passages.first?.place == first)
            if expected == 2 { #expect(passages.last?.place == second) }
        }
    }

    @Test func aHeadingStaysWithTheTextBelowIt() {
        let passages = split([
            (.heading(level: 1), "Part I", Place(chapter: "Part I")),
            (.heading(level: 2), "The Sea", Place(chapter: "The Sea")),
            (.paragraph, "Call me.", Place(chapter: "The Sea")),
        ])
        #expect(passages.map(\.content) == ["Part I\n\nThe Sea\n\nCall me."])
        #expect(passages.map(\.place.chapter) == ["The Sea"])
    }

    @Test func thePathHasTheHeadingsAbove() {
        let words = String(repeating: "word ", count: 60)
        let passages = split(
            [
                (TextBlock.Kind.heading(level: 1), "Guide"), (.paragraph, words),
                (.heading(level: 2), "Install"), (.paragraph, words),
                (.heading(level: 4), "Linux"), (.paragraph, words),
                (.heading(level: 3), "Windows"), (.paragraph, words),
                (.heading(level: 2), "Use"), (.paragraph, words),
                (.heading(level: 1), "Notes"), (.paragraph, words),
            ].map { ($0, $1, Place()) })
        #expect(passages.map(\.heading) == ["Guide", "Install", "Linux", "Windows", "Use", "Notes"])
        #expect(
            passages.map(\.headingPath) == [
                [], ["Guide"], ["Guide", "Install"], ["Guide", "Install"], ["Guide"], [],
            ])
    }

    /// Rows that each have a number of their own are joined in very long tables, as those without are.
    @Test func veryManyRowsAreJoined() {
        var blocks = TextBlocks()
        let count = TextBlocks.maximumCount + 1_000
        for row in 0..<count {
            let range = row * 10..<row * 10 + 9
            blocks.append(TextBlock(kind: .tableRow, range: range, place: Place(sheet: "A", row: row)))
        }
        blocks.append(
            TextBlock(kind: .tableRow, range: count * 10..<count * 10 + 9, place: Place(sheet: "B", row: 1)))
        #expect(blocks.all.count < TextBlocks.maximumCount + 50)
        #expect(blocks.all.last?.place == Place(sheet: "B", row: 1))
    }
}
