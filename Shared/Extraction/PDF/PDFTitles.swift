/// Titles that only their weight distinguishes.
extension PDFParagraphs {
    /// Whether a line of a part is a bold title, directly above its text.
    func isBoldTitle(at index: Int, after start: Int, in part: PDFParagraph) -> Bool {
        let (line, next) = (part.lines[index], part.lines[index + 1])
        guard hasRoom(after: line, for: next, in: part.flow), style.isBoldTitle([layout.lines[line]]),
            !style.isBold([layout.lines[next]])
        else { return isLikelyTitle(line, above: Array(part.lines[(index + 1)...].prefix(2)), in: part.flow) }
        guard index > start else { return true }
        let previous = part.lines[index - 1]
        return hasRoom(after: previous, for: line, in: part.flow)
            || layout.text(of: layout.lines[previous]).last.map(".!?:".utf8.contains) ?? false
    }

    /// Whether a bold line is the title of what follows: prose or a list below it, at the same margin. Cells of tables are
    /// bold, too.
    func isTitle(_ title: PDFParagraph, before next: PDFParagraph?) -> Bool {
        guard let next, let last = title.lines.last else { return false }
        guard style.isBoldTitle(title.lines.map { layout.lines[$0] }[...]) else {
            return title.lines.count == 1 && next.kind == .text
                && isLikelyTitle(last, above: next.lines, in: title.flow)
        }
        let line = layout.lines[last]
        let below = layout.lines[next.lines[0]]
        if next.page == title.page {
            guard below.top > line.top,
                abs(below.left - line.left) < 4 * line.size || line.left < below.right && line.right > below.left
            else {
                return false
            }
        }
        let size = next.lines.reduce(0) { $0 + layout.text(of: layout.lines[$1]).count }
        let text = layout.text(of: below)
        let isItem = marks.ofLines[next.lines[0]] != nil || isMarked(next.lines[0])
        return (next.kind != .text || size > 60 || isItem) && !HeadingRules.hasLeader(text)
    }

    /// Whether a line that may or may not be bold looks like the document's bold titles otherwise: it begins where they
    /// do, is short, and has a paragraph below it and more space above it than lines of a paragraph have.
    ///
    /// - Parameter text: the lines below it, or the first two of them.
    private func isLikelyTitle(_ title: Int, above text: [Int], in flow: Int) -> Bool {
        guard text.count > 1, style.isLikelyTitle(layout.lines[title]), !isMarked(title), marks.ofLines[title] == nil,
            hasRoom(after: title, for: text[0], in: flow)
        else { return false }
        let (line, first, second) = (layout.lines[title], layout.lines[text[0]], layout.lines[text[1]])
        let pitch = second.top - first.top
        guard pitch > 0, first.top - line.top > 0.95 * pitch, first.top - line.top < 3 * pitch,
            abs(first.left - line.left) < 2 * line.size, layout.text(of: first).count > 40
        else { return false }
        guard title > 0, layout.page(ofLine: title - 1) == layout.page(ofLine: title) else { return true }
        let above = layout.lines[title - 1]
        let isAbove = above.top < line.top && above.left < line.right && above.right > line.left
        return !isAbove || line.top - above.top > 1.15 * pitch
    }
}
