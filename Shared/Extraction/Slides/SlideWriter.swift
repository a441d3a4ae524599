import Models

/// Collects the text of a presentation: the title of each slide as a heading, then its text, then its notes.
struct SlideWriter {
    /// A slide with more blocks than these is written as it comes, without waiting for its title.
    private static let longestWait = 10_000

    private var builder: TextBuilder
    /// From 1, as the program counts: hidden slides, too.
    private var number = 0
    private var title: LooseBlock?
    private var waiting: [LooseBlock] = []

    init(capacity: Int) { builder = TextBuilder(capacity: capacity) }

    /// Starts a slide, and ends the one before.
    mutating func startSlide(number: Int) {
        finishSlide()
        self.number = number
    }

    /// Adds the title of the slide. More titles are text.
    ///
    /// - Parameter level: 1 for the presentation's title, 2 for others.
    mutating func addTitle(_ text: [UInt8], level: Int) {
        guard !text.isEmpty else { return }
        guard title == nil else { return add(LooseBlock(kind: .paragraph, content: text)) }
        title = LooseBlock(kind: .heading(level: level), content: text)
        if builder.title == nil { builder.title = String(decoding: TextBytes.prefix(text, upTo: 500), as: UTF8.self) }
    }

    mutating func add(_ block: LooseBlock) {
        waiting.append(block)
        if waiting.count > Self.longestWait { finishSlide() }
    }

    private mutating func finishSlide() {
        if let title { builder.append(title.kind, title.content, at: Place(slide: number)) }
        for block in waiting { builder.append(block.kind, block.content, at: Place(slide: number)) }
        (title, waiting) = (nil, [])
    }

    mutating func finish() -> ExtractedText {
        finishSlide()
        return builder.finish()
    }
}
