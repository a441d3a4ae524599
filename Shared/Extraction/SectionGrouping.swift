/// Decides which adjacent sections share passages.
enum SectionGrouping {
    /// Runs of pieces. No passage extends beyond a run.
    static func runs(of sections: [TextSection]) -> [Range<Int>] {
        var runs: [TextSection] = []
        for section in sections where !section.pieces.isEmpty {
            if let open = runs.last, joins(section, to: open) {
                runs[runs.count - 1] = TextSection(
                    heading: open.heading, level: open.hasBody ? open.level : section.level, parent: open.parent,
                    place: open.hasBody ? open.place : section.place,
                    pieces: open.pieces.lowerBound..<section.pieces.upperBound,
                    words: open.words + section.words, size: open.size + section.size,
                    hasBody: open.hasBody || section.hasBody)
            } else {
                runs.append(section)
            }
        }
        return runs.map(\.pieces)
    }

    private static func joins(_ section: TextSection, to open: TextSection) -> Bool {
        // A heading stays with the text after it.
        if !open.hasBody { return true }
        guard open.place.adjoins(section.place), open.words + section.words <= PassageLimits.targetWords,
            open.size + section.size <= PassageLimits.maximumSize
        else { return false }
        let isTiny = open.words < PassageLimits.tinyWords
        let isSubsection = section.level > open.level
        return isTiny || (isSubsection && section.words < PassageLimits.tinyWords)
    }
}
