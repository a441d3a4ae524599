/// Reads PowerPoint presentations (ECMA-376 part 1, section 19): the slides in the order of the presentation, each with its
/// title, text, tables, diagrams and notes. Hidden slides and shapes, footers, dates and slide numbers are left out.
enum PowerPointExtractor {
    static func extract(_ bytes: [UInt8]) throws(ExtractionError) -> ExtractedText {
        var package = try OfficePackage(bytes)
        guard let presentation = try package.part(package.mainPart) else {
            throw .unreadable("The presentation has no main part.")
        }
        let slides = try slides(of: presentation, in: &package)
        var reader = SlideReader(
            writer: SlideWriter(capacity: package.size / 16), budget: RepetitionBudget(sourceSize: package.size))
        var designs = SlideDesigns()
        for (number, slide) in slides {
            guard let part = try package.part(slide) else {
                throw .unreadable("The presentation is damaged: its slide \(number) is missing.")
            }
            do throws(XMLError) { if try SlideReader.isHidden(part) { continue } } catch {
                throw ExtractionError(error)
            }
            let related = try package.relationships(of: slide)
            let design = try designs.design(of: related, in: &package)
            let diagrams = try diagrams(among: related, in: &package)
            let notes = try package.part(related.first { $0.type == "notesSlide" })
            do throws(XMLError) {
                try reader.read(slide: part, number: number, design: design, diagrams: diagrams)
                if let notes { try reader.read(notes: notes) }
            } catch { throw ExtractionError(error) }
        }
        return reader.finish()
    }

    /// The numbers and parts of the slides, each once.
    private static func slides(
        of presentation: [UInt8], in package: inout OfficePackage
    ) throws(ExtractionError) -> [(number: Int, part: String)] {
        let related = try package.relationships(of: package.mainPart)
        let targets = Dictionary(related.map { ($0.id, $0.target) }, uniquingKeysWith: { first, _ in first })
        var slides: [(number: Int, part: String)] = []
        var seen: Set<String> = []
        do throws(XMLError) {
            var reader = try XMLReader(presentation)
            while let event = try reader.next() {
                guard event == .start(XMLName(namespace: .presentation, local: "sldId")),
                    let target = targets[try reader.attribute("id", in: .reference) ?? ""],
                    seen.insert(target).inserted
                else { continue }
                slides.append((slides.count + 1, target))
            }
        } catch { throw ExtractionError(error) }
        return slides
    }

    private static func diagrams(
        among related: [OfficePackage.Relationship], in package: inout OfficePackage
    ) throws(ExtractionError) -> [String: [LooseBlock]] {
        var diagrams: [String: [LooseBlock]] = [:]
        for relationship in related where relationship.type == "diagramData" && diagrams[relationship.id] == nil {
            guard let part = try package.part(relationship) else { continue }
            do throws(XMLError) { diagrams[relationship.id] = try DiagramReader.read(part) } catch {
                throw ExtractionError(error)
            }
        }
        return diagrams
    }
}

/// The designs of a presentation's slides. Many share one.
private struct SlideDesigns {
    private var byLayout: [String: SlideDesign] = [:]

    mutating func design(
        of related: [OfficePackage.Relationship], in package: inout OfficePackage
    ) throws(ExtractionError) -> SlideDesign {
        let layout = related.first { $0.type == "slideLayout" }
        let name = layout?.target ?? ""
        if let design = byLayout[name] { return design }
        let masters = layout == nil ? [] : try package.relationships(of: name)
        let master = try package.part(masters.first { $0.type == "slideMaster" })
        let part = try package.part(layout)
        do throws(XMLError) {
            let design = try SlideDesign(layout: part, master: master)
            byLayout[name] = design
            return design
        } catch { throw ExtractionError(error) }
    }
}

extension OfficePackage {
    /// The part to which a relationship leads, if there is one.
    fileprivate mutating func part(_ relationship: Relationship?) throws(ExtractionError) -> [UInt8]? {
        guard let relationship else { return nil }
        return try part(relationship.target)
    }
}
