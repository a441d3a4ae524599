import Models
import Testing

@testable import Extraction

/// Markup that is not well formed must not take text with it.
struct HTMLMarkupTests {
    @Test(arguments: [
        "<p>a<!-- x --><p>b", "<p>a<!-- x --!><p>b", "<p>a<!-- x -- y --!><p>b", "<p>a<!--><p>b", "<p>a<!---><p>b",
        "<p>a<!-- x > y --><p>b", "<p>a<!--!> x --><p>b", "<p>a<!-- <!-- x --><p>b", "<p>a<!--x-->\n<!--y--!><p>b",
        "<p>a<!-- never closed><p>b", "<p>a<!-- one><!-- two><p>b", "<p>a<!-- <i> --!><p>b",
    ]) func commentsEnd(source: String) throws {
        #expect(try outline(source, .html) == ["p: a", "p: b"])
    }

    @Test(arguments: [
        ("<p>a<script src=\"a.js\"/><p>b<script>c</script><p>d", ["p: a", "p: b", "p: d"]),
        ("<p>a<script src='a.js' async /></script><p>b", ["p: a", "p: b"]),
        ("<p>a<script src=/js/><i>x</i></script><p>b", ["p: a", "p: b"]),
        ("<p>a<iframe src=\"x\"/><p>b", ["p: a", "p: b"]), ("<p>a<iframe src=x><p>b", ["p: a", "p: b"]),
        ("<p>a<textarea/><p>b", ["p: a", "p: b"]), ("<p>a<textarea><p>b", ["p: a", "p: b"]),
        ("<p>a<svg width=\"1\"/> b <svg><text>c</text></svg>", ["p: a b"]),
        ("<title/><p>a<svg><title>t</title></svg>", ["p: a"]), ("<style/><p>a", ["p: a"]),
        ("<p hidden/>a<p>b", ["p: b"]), ("<b/><p>a", ["p: a"]), ("<ul/><li/>a", ["li: - a"]),
        // A slash within a value does not close anything.
        ("<p>a<iframe src=http://x.org/>c</iframe><p>b", ["p: a", "p: b"]),
        ("<p>a<a href=\"x>y</a><p>b", ["p: ay", "p: b"]),
    ]) func elementsThatCloseThemselvesAreEmpty(source: String, expected: [String]) throws {
        #expect(try outline(source, .html) == expected)
    }

    @Test(arguments: [
        ("<title/><script src=\"a.js\"/><p>a</p>", ["p: a"]), ("<h1/>a<h2>b</h2>", ["p: a", "h2: b"]),
        ("<p hidden=\"hidden\"/>a", ["p: a"]), ("<pre/>a  b", ["p: a b"]), ("<ul><li/><li>a</li></ul>", ["li: - a"]),
        ("<table><tr><td/><td>a</td></tr></table>", ["p: a"]), ("<p>a<br/>b<img src='x'/></p>", ["p: a b"]),
        ("<p><![CDATA[a <b> c]]></p><p>d</p>", ["p: a <b> c", "p: d"]), ("<p>a<![CDATA[b", ["p: ab"]),
    ]) func elementsOfXMLCloseThemselves(body: String, expected: [String]) throws {
        #expect(try outline("<?xml version=\"1.0\"?><html><body>\(body)</body></html>", .html) == expected)
        #expect(
            try outline("<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>\(body)</body></html>", .html) == expected)
    }

    @Test func whatAScriptWithoutAnEndTakesIsSaid() throws {
        let text = try TextExtractor.extract(Array("<p>a<script>b<p>c".utf8), as: .html)
        #expect(outlined(text) == ["p: a"])
        #expect(text.warnings.skippedParts == ["what follows a <script> without an end tag"])
        let whole = try TextExtractor.extract(Array("<p>a<script>b</script><p>c<style> ".utf8), as: .html)
        #expect(whole.warnings.skippedParts == [])
    }

    @Test func cellsWithoutNamesKeepTheirOrder() throws {
        let nested = "<table><tr><td>Power<td>5 kW</table>"
        #expect(
            try outline("<table><tr><td>Pump\(nested)<td>red</table>", .html) == [
                "p: Pump", "row: Power; 5 kW", "p: red",
            ])
        #expect(
            try outline("<table><tr><td>1<td>2<td>Pump\(nested)<td>red<td>new</table>", .html)
                == ["row: 1; 2", "p: Pump", "row: Power; 5 kW", "row: red; new"])
        #expect(
            try outline("<table><tr><th>Part<th>Colour<tr><td>Pump\(nested)<td>red</table>", .html)
                == ["row: Colour: red", "p: Part: Pump", "row: Power; 5 kW"])
    }
}
