/// The element with the attribute `hidden` whose content is being skipped.
struct HiddenElement {
    let name: String
    private var depth = 1

    init(_ name: String) { self.name = name }

    enum Place { case inside, atEnd, behind }

    mutating func place(of token: HTMLTokenizer.Token) -> Place {
        let isEndedByNext = HTMLElements.endedByNext.contains(name)
        switch token {
        case .start(name, _):
            if isEndedByNext { return .behind }
            depth += 1
        case .end(name):
            depth -= 1
            if depth == 0 { return .atEnd }
        case .end(let other) where isEndedByNext && HTMLElements.containers.contains(other): return .behind
        default: break
        }
        return .inside
    }
}
