export interface ErrorFields {
  code?: string;
  status?: number;
  details?: Record<string, unknown>;
  requestId?: string;
  retryAfter?: number;
  cause?: unknown;
}

/** The base class of this package's errors. */
export class AINexLayerError extends Error {
  constructor(message: string, fields?: ErrorFields);
  /** The server's code (`NOT_FOUND`), or `CONNECTION_ERROR`, `TIMEOUT`, `CLOSED`, `NOT_LOGGED_IN`,
   * `UNEXPECTED_ANSWER` or `WEBHOOK_INVALID`. */
  readonly code: string;
  /** The HTTP status; undefined if there was no answer. */
  readonly status?: number;
  /** What the server adds to the message; may be empty. */
  readonly details: Record<string, unknown>;
  /** The id of the request in the server's log. */
  readonly requestId?: string;
  /** How many seconds the server asks to wait. */
  readonly retryAfter?: number;
  /** The invalid fields and the reasons, if the server named them. */
  get fieldErrors(): Record<string, string>;
}

/** There was no complete answer: the server was unreachable, or the connection broke. */
export class APIConnectionError extends AINexLayerError {}
/** The server took longer than the timeout. */
export class APITimeoutError extends APIConnectionError {}
/** A webhook with a wrong signature, or one that is too old. */
export class WebhookVerificationError extends AINexLayerError {}
/** The server answered with an error. */
export class APIError extends AINexLayerError {}
/** 304: the caller's version (`ifNoneMatch`) is current. */
export class NotModified extends APIError {}
/** 400: the request is malformed. */
export class BadRequestError extends APIError {}
/** 401: the credentials are missing, wrong or expired. */
export class AuthenticationError extends APIError {}
/** 403: the role, scope or membership does not allow it. */
export class PermissionDeniedError extends APIError {}
/** 404: it does not exist, or the caller has no access to it. */
export class NotFoundError extends APIError {}
/** 409: it conflicts with existing data. */
export class ConflictError extends APIError {}
/** 412: the resource has changed since `ifMatch`. */
export class PreconditionFailedError extends APIError {}
/** 413: the body is larger than the installation allows. */
export class PayloadTooLargeError extends APIError {}
/** 415: the server cannot read this type. */
export class UnsupportedMediaTypeError extends APIError {}
/** 416: the range is outside the document. */
export class RangeNotSatisfiableError extends APIError {}
/** 422: the request is well-formed but breaks a rule. */
export class UnprocessableError extends APIError {}
/** 422 `VALIDATION_ERROR`: see `fieldErrors`. */
export class ValidationError extends UnprocessableError {}
/** 429: too many requests; see `retryAfter`. */
export class RateLimitError extends APIError {}
/** 5xx: the server's fault. */
export class ServerError extends APIError {}
/** 503: the server is busy, or cannot reach its model; see `retryAfter`. */
export class ServiceUnavailableError extends ServerError {}
