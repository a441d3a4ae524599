import Chat
import Endpoint
import FunctionRuntime
import Models
import Wire

/// Answers a message from the documents of the workspace, as JSON or as Server-Sent Events.
@main struct SendMessage: Function {
    static let route = Route.post("/workspaces/{workspaceId}/chat", tag: "Chat", summary: "Ask the assistant")
        .streaming().lasting(seconds: 120).limited(as: .chat)
    static let access = Access.member(.viewer)

    struct Input: FunctionInput {
        let question: Assistant.Question
        let isStreamed: Bool

        init(from fields: inout Fields) {
            question = Assistant.Question(
                text: fields.required("message", .text(1...32_000, example: "What must I do when I convey modified versions?")),
                conversationId: fields.optional("conversationId", .id(Conversation.self), "Begins one if absent."),
                mode: fields.optional("mode", .oneOf(example: WorkspaceSettings.ChatMode.query)),
                topK: fields.optional("topK", .integer(1...50, example: 6)),
                documentIds: fields.optional("documentIds", .list(of: .id(Document.self), count: 0...100)) ?? [])
            // The built-in answerer has no use for these; they are checked all the same.
            _ = fields.optional("temperature", .number(0...2))
            _ = fields.optional("model", .name(0...200))
            let asksForEvents = fields.header("Accept", "`text/event-stream` streams the answer.")?
                .contains("text/event-stream") ?? false
            isStreamed = fields.optional("stream", .flag, "The answer as Server-Sent Events.") ?? asksForEvents
        }
    }

    static func handle(_ input: Input, by member: Member, in context: Context) throws -> ChatReply {
        let assistant = Assistant(store: try context.store)
        let (workspace, user) = (member.workspaceId, member.user.userId)
        var answer = try assistant.answer(input.question, in: workspace, of: user, at: context.now)
        guard input.isStreamed else {
            return .whole(
                try assistant.keep(answer, said: answer.content, finishReason: .stop, in: workspace, of: user))
        }
        let conversationId = try assistant.begin(&answer, in: workspace, of: user)
        let begun = answer
        return .stream { stream in
            try AnswerEvents(answer: begun, conversationId: conversationId).send(to: stream) { content, reason in
                try assistant.keep(begun, said: content, finishReason: reason, in: workspace, of: user)
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
                contentType: "text/event-stream", schema: ["type": "string"]),
        ]
    }

    /// A model takes its time.
    static var repetition: Repetition { .claimed(seconds: SendMessage.route.timeoutSeconds) }

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
