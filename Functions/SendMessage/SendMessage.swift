import Answering
import Endpoint
import Models
import Wire

/// Answers a message from the documents of the workspace, as JSON or as Server-Sent Events.
@main struct SendMessage: Function {
    static let route = Route.post("/workspaces/{workspaceId}/chat", tag: "Chat", summary: "Ask the assistant")
        .timeout(seconds: 120).streaming().awaitingModel().rateLimited(as: .chat).idempotent(.claim)
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let question: Assistant.Question
        let isStreamed: Bool

        init(from fields: inout Fields) {
            var question = Assistant.Question(
                text: fields.required(
                    "message", .words(1...32_000, example: "What must I do when I convey modified versions?")))
            question.conversationId = fields.optional(
                "conversationId", .id(Conversation.self), "Begins one if absent.")
            question.mode = fields.optional("mode", .oneOf(example: WorkspaceSettings.ChatMode.query))
            question.topK = fields.optional("topK", .integer(1...50, example: 6))
            question.filter = fields.documentFilter()
            question.filter.limit(
                to: fields.optional(
                    "documentIds", .documentIds, "The same as in `filters`. An empty list matches nothing."))
            // The built-in answerer ignores these, but they are validated in any case.
            question.temperature = fields.optional("temperature", .number(0...2))
            question.model = fields.optional("model", .name(0...200))
            question.explains =
                fields.optional("explain", .flag, "The answer tells why it has its sources, or why there is none.")
                ?? false
            self.question = question
            let asksForEvents =
                fields.header("Accept", "`text/event-stream` streams the answer.").map(
                    ContentNegotiation.prefersEventStream)
                ?? false
            isStreamed = fields.optional("stream", .flag, "The answer as Server-Sent Events.") ?? asksForEvents
        }
    }

    static func handle(_ input: Input, by member: Member, in call: Call) throws -> ChatReply {
        let assistant = Assistant(
            store: try call.store, model: call.configuration.model, embedding: call.configuration.embedding,
            reranker: call.configuration.reranker, searchBudgetMilliseconds: call.configuration.searchBudget)
        var question = input.question
        question.interrupted = call.interrupted.flatMap(Message.ID.init)
        let (workspace, user, now) = (member.workspaceId, member.user.userId, call.now)
        guard input.isStreamed else {
            return .whole(
                try assistant.answer(question, in: workspace, of: user, at: now) { call.isAbandoned })
        }
        return .stream { [question] stream in
            try AnswerEvents(to: stream).send { events in
                try assistant.answer(question, in: workspace, of: user, at: now, to: events)
            }
        }
    }
}

enum ChatReply: Reply {
    case whole(ChatAnswer)
    case stream((any ResponseStream) throws -> Void)

    static var descriptions: [Operation.ResponseDescription] {
        [
            .success(200, schema: ChatAnswer.schema),
            Operation.ResponseDescription(
                status: 200, description: "With `stream`: the events start, sources, delta…, then done or error",
                contentType: "text/event-stream",
                schema: [
                    "title": "ChatEvent", "type": "object", "required": ["event", "data"],
                    "properties": [
                        "event": ["type": "string", "enum": ["start", "sources", "delta", "done", "error"]],
                        "data": ["type": "string", "description": "A JSON object."],
                    ],
                ]),
        ]
    }

    func response() -> Response {
        switch self {
        case .whole(let answer): .success(200, answer)
        case .stream(let produce):
            Response(
                status: 200,
                headers: [
                    ("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-store"),
                    ("x-accel-buffering", "no"),
                ],
                body: .stream(produce))
        }
    }
}
