"""What the OpenAPI document says besides the functions' descriptions of themselves."""

from __future__ import annotations

from typing import Any

ABOUT = """\
Users register, create workspaces, upload documents, search them, and chat with an assistant that
answers from the documents and cites its sources.

Authenticate with `Authorization: Bearer <token>`: an access token from `/auth/login`, or an API key.
Errors are JSON with a `code` for programs and a `message` for people. Every answer has an
`X-Request-Id`. If a resource belongs to others, you get 404, never 403.
"""

TAGS = {
    "Authentication": "Creating an account, logging in, and tokens.",
    "API keys": "Keys for programs, instead of a login.",
    "Workspaces": "Places for documents and the conversations about them.",
    "Members": "The members of a workspace.",
    "Documents": "Files, their metadata, and their passages.",
    "Search": "Finding passages.",
    "Chat": "Questions to the assistant, and your conversations.",
    "Users": "Your account, and the accounts that you manage.",
    "Webhooks": "Events that the server sends to your addresses.",
    "System": "The installation itself.",
}

ERRORS = {
    400: ("BadRequest", "The body is not JSON, or a query parameter or filter is malformed"),
    401: ("Unauthorized", "The token or key is missing or not valid"),
    403: ("Forbidden", "Your role, scope or membership does not allow it"),
    404: ("NotFound", "It does not exist, or you have no access to it"),
    409: ("Conflict", "It conflicts with existing data"),
    412: ("PreconditionFailed", "It has changed since you read it"),
    413: ("PayloadTooLarge", "The body is too large, or exceeds the storage quota (`QUOTA_EXCEEDED`)"),
    415: ("UnsupportedMediaType", "The server cannot read bodies of this type"),
    416: ("RangeNotSatisfiable", "The range is outside the content"),
    421: ("Misdirected", "The server does not serve this host name; `ALLOWED_HOSTS` lists those that it serves"),
    422: ("Unprocessable", "The body is well-formed but breaks a rule; `details` names the fields"),
    429: ("RateLimited", "Too many requests in a minute; `Retry-After` says how long to wait"),
    500: ("InternalError", "A fault of the server; its log has the reason under the request id"),
    502: ("BadGateway", "The function ended without an answer, and may or may not have done the work; or the language model's "
                        "provider rejected the request (`LLM_REJECTED`), which would happen again"),
    503: ("Unavailable", "A part of the system is busy or unreachable; `Retry-After` says how long to wait"),
    504: ("GatewayTimeout", "The function took too long; it may or may not have done the work"),
}

# What the summary of an operation does not say.
NOTES = {
    "refreshToken": "You can use a refresh token once. If you use it again within 30 seconds (`REFRESH_GRACE_SECONDS`) and "
                    "before you use its successor, you get the same new refresh token. This is for tabs that refresh at the "
                    "same moment and for answers that are lost. Any later use ends the session.",
    "createApiKey": "The answer is the only one that contains the `key`.",
    "deleteApiKey": "It stops working at once.",
    "deleteWorkspace": "Its documents, conversations and files are deleted with it.",
    "addMember": "With a `userId`, the account becomes a member at once. With an `email`, you send an invitation. The answer "
                 "is the same whether or not an account has this address. Its owner becomes a member at the next request, or "
                 "by creating an account within two weeks.",
    "listMembers": "In the order in which they joined. Owners also see invitations, with the status `pending`.",
    "removeMember": "The last owner cannot leave.",
    "listDocuments": "Newest first.",
    "searchDocuments": "Understands `\"exact phrases\"` and `-excluded` words. If the search takes longer than the "
                       "installation allows (`SEARCH_BUDGET_MS`), the answer has the best results found so far, and `partial` "
                       "is true. A filter that is malformed, such as one with an unknown operator, is a 400 that names the "
                       "part: `filters.metadata.filters[1].type`.",
    "searchWorkspaces": "Like the search in one workspace. A workspace that does not exist, or that you may not read, is a 404. "
                        "Each workspace's results are scored by its own statistics. Administrators may read all workspaces. If "
                        "the search takes too long, the newest workspaces have been searched.",
    "listMetadataKeys": "Of the documents that search finds. What you need to offer filters to people.",
    "sendMessage": "With `stream`, `start` and `sources` come at once, then a `delta` for each piece of the answer, and at the "
                   "end `done` or `error`. Another `sources` before the first `delta` replaces the first: not all passages fitted "
                   "into the model's context. While the model thinks, a comment (`: keep-alive`) comes every ten seconds. A model "
                   "that cannot be reached is a 503 (`LLM_UNAVAILABLE`); what would fail again is a 502 (`LLM_REJECTED`). "
                   "`finishReason` is `length` if the answer was cut off at its longest, and `content_filter` if the provider's "
                   "filter cut it off.",
    "listConversations": "Newest first.",
    "listMessages": "Oldest first.",
    "updateMe": "A new `password` needs `currentPassword` and ends your other sessions. A request with `currentPassword` or "
                "`email` also counts as an attempt to log in.",
    "updateUser": "The status `suspended` ends the account's sessions and keys at once.",
    "createWebhook": "The answer is the only one that contains the `secret`.",
    "testWebhook": "Sends a test event now and returns the outcome.",
    "retryDelivery": "Makes it due now, whatever its status.",
    "health": "Answers 503 if something that it needs does not work; `details` say what.",
}


def header(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "schema": schema}


HEADERS = {
    "RequestId": header("The id of the request: yours, or one that the server made.", {"type": "string"}),
    "RateLimitLimit": header("How many requests you may send in a minute.", {"type": "integer"}),
    "RateLimitRemaining": header("How many of them are left.", {"type": "integer"}),
    "RateLimitReset": header("When the minute ends, in Unix seconds.", {"type": "integer"}),
    "QuotaLimit": header(
        "How many bytes the workspace's documents, or those that you uploaded, may have. Only if there is a quota.",
        {"type": "integer"}),
    "QuotaRemaining": header("How many of them are left.", {"type": "integer"}),
    "RetryAfter": header("How many seconds to wait.", {"type": "integer"}),
    "ETag": header("The version of the resource, for `If-Match` and `If-None-Match`.", {"type": "string"}),
    "Location": header("The address of the new resource.", {"type": "string"}),
}

ERROR_SCHEMA = """
{"title": "Error", "type": "object", "required": ["success", "error"], "properties": {
    "success": {"const": false},
    "error": {"type": "object", "required": ["code", "message"], "properties": {
        "code": {"type": "string", "examples": ["VALIDATION_ERROR"]},
        "message": {"type": "string"},
        "details": {"type": "object", "description": "For validation errors: `field` and `reason` of the first, and `errors` with all of them."},
        "requestId": {"type": "string"}}}}}
"""
