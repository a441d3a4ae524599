/// The manual of `eval`.
extension Manual {
    static let eval = Manual(
        command: .eval, synopsis: "runner eval FOLDER|FILE.json... [OPTION...]",
        summary: "Measure on test collections how good search and answers are.",
        description: [
            """
            Reads collections in two layouts. BEIR: a folder with corpus.jsonl, queries.jsonl, and judgements in \
            qrels/test.tsv or qrels.tsv. SQuAD and XQuAD: a JSON file, or a folder of them. Uploads the documents to a \
            temporary installation that is removed afterwards, sends each question to the functions, and prints a table, or \
            JSON. Rate limits are off. The built-in embedding model is used if it is installed; other models are asked only if \
            --env names their variables. Functions receive SEARCH_* and the variables named with --env.
            """,
            """
            Each BEIR document becomes a Markdown file with its title as the heading; a document ranks where its best \
            passage does. nDCG@10 has linear gains. Queries without a relevant document are left out. A search returns at \
            most 50 passages, so for recall@100 each query is also sent for each of five parts of the documents, and the \
            results are merged by score. Only the first search is timed.
            """,
            """
            Each SQuAD article becomes a Markdown file. r1 and r5: a passage of the right article that contains the gold \
            answer is first, or among five. MRR@10 is of such passages. Then each question is sent to the chat with mode \
            query. answered: it got an answer with sources. gold: the answer contains the gold answer, whatever the case, \
            punctuation and width. first source: it is of the right article. words: the mean length of answers. refused: \
            with every second article left out, the share of questions about those that got no answer.
            """,
            """
            Times are of the requests as the runner sees them, to warm processes, one at a time: half of the requests took \
            at most p50, 95 % at most p95.
            """,
        ],
        operand: "FOLDER|FILE.json...",
        examples: [
            "runner eval scifact", "runner eval xquad.de.json --limit 100 --json",
            "runner eval scifact fiqa --modes keyword,hybrid",
        ],
        exitStatus: [
            ("0", "Everything was measured."),
            ("1", "Requests failed, or no search used the mode that was asked for."),
            ("64", "Invalid command line."), ("66", "A collection cannot be read; its file and line are named."),
            ("78", "Invalid configuration, or a function is missing."),
            ("130", "Interrupted; the temporary data was removed."),
        ])
}
