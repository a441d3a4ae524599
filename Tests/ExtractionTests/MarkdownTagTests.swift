import Models
import Testing

@testable import Extraction

/// Angle brackets in Markdown: tags are left out, everything else is text.
struct MarkdownTagTests {
    @Test(arguments: [
        "Replace <hostname> with your server and <port> with 8443. Use Map<String, Integer>.",
        "Write to <Ada Lind> or to <Bo Berg>.", "<name of the patient>", "If a<b and c>d then stop.",
        "If a<b and c=1 or d>e then stop.", "Use List<T>, Set<A>, Set<P>, Option<Object> and Map<K, List<V>>.",
        "Set <title>, <time> and <data> first.", "Fill in <address of the tenant> and <date>.",
        "ssh <user>@<server-name> -p <port>", "<summary of the findings>", "<table of contents>",
        "The pressure is <5 bar, >2 bar.", "git checkout <branch> -- <file>", "a <- b -> c <= d >= e",
        "x <!important> y",
        "<key>value</key>", "The <label text> is shown.", "1 <2> 3 <> 4 </> 5", "<Vorname> <Nachname>",
        "Drücke <Eingabe>",
        "the <details of the case> are open", "vector<int> v and std::pair<int,float> p",
    ])
    func whatIsNoTagStays(source: String) throws {
        #expect(try outline(source, .markdown) == ["p: \(source)"])
    }

    @Test(arguments: [
        ("one<br>two<br/>three<br />four", "one two three four"), ("<b>bold</b> and <I>italic</I>", "bold and italic"),
        ("<a href=\"x>y\" title='z'>link</a>", "link"), ("<img src=x.png alt=\"a > b\"> after", "after"),
        ("<my-badge>new</my-badge> and <Tab name=\"x\">text</Tab>", "new and text"),
        ("before <!-- a > b --> after <!-- c --> end", "before after end"), ("<kbd>Ctrl</kbd>+<kbd>C</kbd>", "Ctrl+C"),
        ("on <time>Monday</time> at <time datetime=\"09:00\">nine", "on Monday at nine"),
        ("<input disabled> <details open>x</details>", "x"), ("<p\nclass=\"a\">text</p>", "text"),
        (
            "<https://x.org/a?b=c> and <mailto:a@b.org> and <a@b.org>",
            "https://x.org/a?b=c and mailto:a@b.org and a@b.org"
        ),
        ("<!DOCTYPE html> text", "text"), ("text</div>", "text"), ("<span data-x>y</span> <u>z", "y z"),
    ])
    func tagsAreLeftOut(source: String, text: String) throws {
        #expect(try outline(source, .markdown) == ["p: \(text)"])
    }

    @Test func headingsItemsAndCellsKeepThem() throws {
        let source =
            "# Set <hostname>\n\n- copy <file>\n- press <Enter>\n\n| Name | Use |\n|--|--|\n| <port> | List<T> |\n"
        #expect(
            try outline(source, .markdown) == [
                "h1: Set <hostname>", "li: - copy <file>", "li: - press <Enter>", "row: Name: <port>; Use: List<T>",
            ])
    }

    @Test func unclosedTagsAndCommentsTakeNoTime() throws {
        for unit in ["<a ", "<a b=\"", "<a b='<c d=\"", "<!--", "</", "<b<", "<a-b>", "<https:"] {
            let source = String(repeating: unit, count: 200_000)
            #expect(try !outline(source, .markdown).isEmpty)
        }
    }
}
